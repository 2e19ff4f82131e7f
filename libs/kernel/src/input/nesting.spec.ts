import { isNestedDeeper } from './nesting.js';

it.each([
  [1, 0, false],
  [null, 0, false],
  [[], 0, true],
  [[], 1, false],
  [[[]], 1, true],
  [{ a: { b: [1] } }, 3, false],
  [{ a: { b: [{}] } }, 3, true],
])('%j, %i levels: %s', (value, levels, expected) => {
  expect(isNestedDeeper(value, levels)).toBe(expected);
});

it('has stack enough for whatever comes', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`);
  expect(isNestedDeeper(deep)).toBe(true);
});
