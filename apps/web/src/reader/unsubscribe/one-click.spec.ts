import { isOneClick } from './one-click.js';

const multipart = (name: string, value: string, eol = '\r\n') =>
  [
    '--b',
    `Content-Disposition: form-data; name=${name}`,
    'Content-Type: text/plain',
    '',
    value,
    '--b--',
    '',
  ].join(eol);

test.each([
  ['List-Unsubscribe=One-Click', true],
  ['list-unsubscribe=one-click\r\n', true],
  ['a=1&List-Unsubscribe=One-Click&b=2', true],
  [multipart('"List-Unsubscribe"', 'One-Click'), true],
  [multipart('List-Unsubscribe', 'One-Click', '\n'), true],
  [multipart('"List-Unsubscribe"', 'Two-Click'), false],
  [multipart('"other"', 'One-Click'), false],
  ['from=page', false],
  ['', false],
  ['{"bad', false],
  ['xList-Unsubscribe=One-Click', false],
])('%j: %s', (body, expected) => {
  expect(isOneClick(Buffer.from(body))).toBe(expected);
});
