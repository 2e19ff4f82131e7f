import { maskAddress } from './mask-address.js';

test.each([
  ['julia@example.org', 'j•••@example.org'],
  ['😀x@example.org', '😀•••@example.org'],
  ['"a@b"@example.org', '"•••@example.org'],
  ['nonsense', '•••'],
])('%s: %s', (address, expected) => {
  expect(maskAddress(address)).toBe(expected);
});
