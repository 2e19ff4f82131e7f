import { isOnlyBroken } from './broken-text.js';

const story = (body: string, title = 'A', author: string | null = null) => ({ title, body, author });

it.each([
  ['one character', 'Die Fähre “legt” ab.', 'Die F\ufffd\ufffdhre “legt” ab.'],
  ['one of several bytes', 'a “b” c', 'a \ufffdb” c'],
  ['several characters', '“ü”“ö”', '\ufffd\ufffdü”“\ufffd”'],
  ['the first', 'über', '\ufffdber'],
  ['the last', 'Café', 'Caf\ufffd'],
  ['all of it', '“”', '\ufffd\ufffd'],
])('knows a story in which %s is broken', (_, before, after) => {
  expect(isOnlyBroken(story(before), story(after))).toBe(true);
  expect(isOnlyBroken(story('x', before, before), story('x', after, after))).toBe(true);
});

it.each([
  ['nothing', 'a b', 'a b'],
  ['a word', 'a b', 'a c'],
  ['a word beside what is broken', 'a “b” c d', 'a \ufffdb” c e'],
  ['what comes after', 'a “b”', 'a \ufffdb” and more'],
  ['more than a character', `a ${'b'.repeat(50)} c`, 'a \ufffd c'],
  ['what was broken', 'a \ufffd c', 'a b c'],
])('leaves a story in which %s is changed', (_, before, after) =>
  expect(isOnlyBroken(story(before), story(after))).toBe(false),
);

it('looks at all of the story', () => {
  expect(isOnlyBroken(story('“a”', 'A'), story('\ufffda”', 'B'))).toBe(false);
  expect(isOnlyBroken(story('“a”', 'A', 'Jo'), story('\ufffda”', 'A', null))).toBe(false);
});

it('is not held up by many marks', () => {
  const start = performance.now();
  expect(isOnlyBroken(story('a'.repeat(1_000_000)), story('\ufffda'.repeat(300_000)))).toBe(false);
  expect(performance.now() - start).toBeLessThan(2_000);
});

it('is not held up by a long piece that nearly fits everywhere', () => {
  const before = story('a'.repeat(1_000_000));
  const start = performance.now();
  for (const marks of [1, 100_000]) {
    const bad = `${'\ufffd'.repeat(marks)}aaaaaaaaaab${'a'.repeat(80_000)}\ufffda`;
    expect(isOnlyBroken(before, story(bad))).toBe(false);
  }
  expect(performance.now() - start).toBeLessThan(2_000);
});
