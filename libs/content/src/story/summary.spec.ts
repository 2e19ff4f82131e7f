import { cutAtWord, summaryOf, titleOfSentence } from './summary.js';

const sentence = (words: number, word = 'harbour') => `The ${Array(words).fill(word).join(' ')} closed.`;

describe('summaryOf', () => {
  it.each<[string, string, string]>([
    ['a short story is its own summary', '<p>One. Two.</p><p>Three.</p>', 'One. Two. Three.'],
    [
      'headings, captions, tables and code are passed over',
      '<h2>No</h2><figure><figcaption>No</figcaption></figure><p>Yes.</p><table><tr><td>No</td></tr></table><pre>no</pre>',
      'Yes.',
    ],
    ['a story of headings only', '<h2>All there is</h2>', 'All there is'],
    ['no words', '<img src="https://x.org/p.png" />', ''],
  ])('%s', (_name, html, expected) => {
    expect(summaryOf(html)).toBe(expected);
  });

  it('takes no time over a text that never ends a sentence', () => {
    const start = performance.now();
    expect(summaryOf(`<p>${'Mr. '.repeat(100_000)}</p>`)).toMatch(/^Mr\. Mr\. .*…$/);
    expect(titleOfSentence('Mr. '.repeat(100_000))).toMatch(/^Mr\. Mr\. .*…$/);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('ends at a sentence when that leaves enough', () => {
    const first = sentence(15);
    expect(summaryOf(`<p>${first} ${sentence(30)}</p>`)).toBe(first);
  });

  it('ends at a word when a sentence would leave too little', () => {
    const summary = summaryOf(`<p>Breaking. ${sentence(60)}</p>`);
    expect(summary).toMatch(/^Breaking\. The harbour .* harbour…$/);
    expect(summary.length).toBeLessThanOrEqual(280);
  });

  it('does not end after a title', () => {
    const text = `${sentence(15)} ${sentence(12)} Mr. Penrose, who keeps the light, was there when it closed and saw all of it.`;
    expect(summaryOf(`<p>${text}</p>`)).not.toMatch(/Mr\.$/);
  });

  it('counts characters, not code units, and cuts none apart', () => {
    const summary = summaryOf(`<p>${'🚢'.repeat(400)}</p>`);
    expect(Array.from(summary)).toHaveLength(280);
    expect(summary).toBe(`${'🚢'.repeat(279)}…`);
  });
});

it.each<[string, number, string]>([
  ['short enough', 20, 'short enough'],
  ['cut at the word before', 10, 'cut at…'],
  ['exactly here it ends', 8, 'exactly…'],
  ['a comma, then more', 9, 'a comma…'],
  ['Donaudampfschifffahrt', 10, 'Donaudamp…'],
])('cutAtWord(%j, %i)', (text, limit, expected) => {
  expect(cutAtWord(text, limit)).toBe(expected);
});

it.each<[string, string]>([
  ['The ferry stays. It will run all winter.', 'The ferry stays'],
  ['Does the ferry stay? Yes.', 'Does the ferry stay?'],
  ['Dr. Lowen spoke first. Then others.', 'Dr. Lowen spoke first'],
  ['Wait… what', 'Wait… what'],
])('titleOfSentence(%j)', (text, expected) => {
  expect(titleOfSentence(text)).toBe(expected);
});

it('tells quotations and lists without their marks', () => {
  expect(
    summaryOf('<blockquote><p>We will sail.</p></blockquote><ul><li>One boat</li><li>Two oars</li></ul>'),
  ).toBe('We will sail. One boat Two oars');
});
