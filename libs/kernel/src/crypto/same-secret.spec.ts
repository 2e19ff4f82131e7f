import { isSameSecret } from './same-secret.js';

it.each([
  ['a secret', true],
  ['A secret', false],
  ['a secret ', false],
  ['', false],
  [undefined, false],
])('%j is the one: %s', (given, same) => expect(isSameSecret(given, 'a secret')).toBe(same));
