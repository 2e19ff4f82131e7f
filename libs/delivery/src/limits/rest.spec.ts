import { restAfter } from './rest.js';

it.each([
  [1, 5_000],
  [2, 10_000],
  [5, 80_000],
  [9, 900_000],
  [5_000, 900_000],
])('after %d deferrals in a row a domain rests for %d ms', (deferrals, rest) => {
  expect(restAfter(deferrals)).toBe(rest);
});
