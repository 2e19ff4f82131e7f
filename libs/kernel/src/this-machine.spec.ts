import { isFromThisMachine } from './this-machine.js';

const httpVersion = '1.1';

test.each([
  ['127.0.0.1', 'localhost:3000'],
  ['::1', '[::1]:3000'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['127.8.8.8', 'news.localhost:80'],
])('from %s for %s is this machine', (remoteAddress, host) => {
  expect(isFromThisMachine({ remoteAddress, httpVersion, headers: { host } })).toBe(true);
  for (const header of [
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'via',
    'x-forwarded-host',
    'x-forwarded-proto',
    'cf-connecting-ip',
  ]) {
    expect(isFromThisMachine({ remoteAddress, httpVersion, headers: { host, [header]: '127.0.0.1' } })).toBe(
      false,
    );
  }
});

test.each([
  ['192.0.2.1', 'localhost'],
  ['127.0.0.1', 'news.example.org'],
  ['127.0.0.1', 'localhost.example.org'],
  ['127.0.0.1', '127.0.0.1.example.org:3000'],
  ['127.0.0.1', undefined],
  ['127.0.0.1', 'localhost@example.org'],
  ['::ffff:192.0.2.1', 'localhost'],
  [undefined, 'localhost'],
])('from %s for %s is not', (remoteAddress, host) => {
  expect(isFromThisMachine({ remoteAddress, httpVersion, headers: { host } })).toBe(false);
});

test('what is asked as a proxy asks by default is not', () => {
  const asked = { remoteAddress: '127.0.0.1', headers: { host: '127.0.0.1:3000' } };
  expect(isFromThisMachine({ ...asked, httpVersion: '1.0' })).toBe(false);
});
