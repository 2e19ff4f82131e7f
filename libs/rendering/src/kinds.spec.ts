import { EditionCompiler } from './edition/edition-compiler.js';
import { templateFile } from './edition/edition-template.js';
import { articleView, editionInput } from './fixtures.js';
import { catalogue, LOCALES } from './template/locales.js';
import { newNonce, sentinel } from './template/sentinel.js';
import { splitAtPlaceholders } from './template/placeholders.js';
import { composeVariant } from './edition/variant.js';

const compiler = new EditionCompiler();
const preheaderOf = (html: string) => /max-height:0px[^>]*>(.*?)&#847;/.exec(html)?.[1];
const story = (id: string) => articleView(id, { imageUrl: `https://news.example.org/${id}.jpg` });

describe.each(['alert', 'correction'] as const)('%s', (kind) => {
  test.each(LOCALES)('in %s is complete', async (locale) => {
    const articles = [story('1'), story('2')];
    const note = 'It said <5> & {{ x }}.\n\nIt is 7.';
    const input = editionInput({ template: kind, kind, locale, articles, note });
    const { html, text } = composeVariant(await compiler.compile(input), ['2']);
    for (const part of [html, text]) {
      const kicker = catalogue(locale)[`mail.${kind}.kicker`]!;
      expect(part.toLowerCase()).toContain(kicker.toLowerCase());
      expect(part).toContain('Story 2');
      expect(part).not.toContain('Story 1');
      expect(part).toContain('https://news.example.org/a/2');
      expect(part).not.toContain('Whole text');
      expect(part).not.toMatch(/mail\.[a-z]+[._]|\{\w+\}/);
      expect(splitAtPlaceholders(part)).toEqual(
        expect.arrayContaining([
          { placeholder: 'unsubscribeUrl' },
          { placeholder: 'preferencesUrl' },
          { placeholder: 'address' },
        ]),
      );
    }
    expect(html).toMatch(new RegExp(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`));
  });
});

test('an alert has the story in short, with its picture and a button, and the title as its subject', async () => {
  const compiled = await compiler.compile(
    editionInput({ template: 'alert', kind: 'alert', articles: [story('1'), story('2')] }),
  );
  const { subject, html, text } = composeVariant(compiled, ['1']);
  expect(subject).toBe('Story 1');
  expect(preheaderOf(html)).toBe('Summary of 1.');
  expect(html).toContain('src="https://news.example.org/1.jpg"');
  expect(html).toContain('Read on');
  expect(text).toContain('*** BREAKING ***\n\nStory 1\n');
  expect(composeVariant(compiled, []).text).toContain('There is nothing new');
});

test('a correction says what was wrong, in words that are only text', async () => {
  const forged = sentinel(newNonce(), 'unsubscribeUrl');
  const note = `It said <5> & {{ x }} ${forged}.\nReally.\n\nIt is 7.`;
  const input = editionInput({ template: 'correction', kind: 'correction', note });
  const { subject, html, text } = composeVariant(await compiler.compile(input), ['2']);
  expect(subject).toBe('Correction: Story 2');
  expect(preheaderOf(html)).toMatch(/^It said &lt;5&gt; &amp; {{ x }} .* Really\. It is 7\.$/);
  expect(html).toContain('You received our article “Story 2” of 20 November 2026. Here is a correction.');
  expect(html).toMatch(/It said &lt;5&gt; &amp; {{ x }} &#88;q.*<br ?\/>\s*Really\.<\/p>/);
  expect(text).toContain('Really.\n\nIt is 7.\n\nRead the corrected article: https://news.example.org/a/2\n');
  expect(html + text).not.toContain(forged);
});

test.each([
  ['de', null, 'Korrektur: Story <1>'],
  ['en', ' ', 'Correction: Story <1>'],
  ['en', 'Sorry about {{ articles[0].title }}', 'Sorry about Story <1>'],
])('the subject of a correction in %s with %j is %j', async (locale, subject, expected) => {
  const articles = [articleView('1', { title: 'Story <1>', publishedAt: null })];
  const input = editionInput({ template: 'correction', kind: 'correction', locale, subject, articles });
  const variant = composeVariant(await compiler.compile(input), ['1']);
  expect(variant.subject).toBe(expected);
  expect(preheaderOf(variant.html)).toBe('Summary of 1.');
});

test('source of a template for an alert has the text part of ours', async () => {
  const template =
    '<mjml><mj-body><mj-raw>{% for article in articles %}{{ article.begin }}x{{ mark.end }}{% endfor %}</mj-raw></mj-body></mjml>';
  const { text } = composeVariant(await compiler.compile(editionInput({ template, kind: 'alert' })), ['1']);
  expect(text).toContain('BREAKING');
});

test("a locale's own template goes before the common one", () => {
  const files = new Set(['digest.mjml', 'digest.de.mjml', 'digest.txt.liquid', 'letter.txt.liquid']);
  const fileOf = (name: string, locale: string, output: 'html' | 'text') =>
    templateFile(name, locale, output, (file) => files.has(file));
  expect(fileOf('digest', 'de', 'html')).toBe('digest.de.mjml');
  expect(fileOf('digest', 'de', 'text')).toBe('digest.txt.liquid');
  expect(fileOf('digest', 'fr', 'html')).toBe('digest.mjml');
  expect(fileOf('letter', 'de', 'html')).toBeUndefined();
});
