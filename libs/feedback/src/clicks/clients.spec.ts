import { jest } from '@jest/globals';
import { ClientHasher, networkOf } from './client-hashes.js';
import { isScannerAgent } from './scanner-agents.js';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['2001:0DB8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
    ['2001:db8::7', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['unix', 'unix'],
  ])('%s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe('the hash of a client', () => {
  const noon = Date.parse('2027-01-05T12:00:00Z');

  it('is the same within a day, of one process, and of no other', () => {
    const onNewDay = jest.fn();
    const hasher = new ClientHasher(onNewDay);
    const first = hasher.of('203.0.113.7', 'Mail', noon);
    expect(hasher.of('203.0.113.7', 'Mail', noon + 3_600_000)).toEqual(first);
    const neighbour = hasher.of('203.0.113.8', 'Mail', noon);
    expect(neighbour.network).toBe(first.network);
    expect(neighbour.client).not.toBe(first.client);
    expect(hasher.of('203.0.113.7', 'Mail 2', noon).client).not.toBe(first.client);
    expect(new ClientHasher().of('203.0.113.7', 'Mail', noon)).not.toEqual(first);
    expect(onNewDay).toHaveBeenCalledTimes(1);
    expect(hasher.of('203.0.113.7', 'Mail', noon + 86_400_000)).not.toEqual(first);
    expect(onNewDay).toHaveBeenCalledTimes(2);
  });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    false,
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    false,
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', false],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    false,
  ],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['Microsoft Office Existence Discovery', true],
  ['python-requests/2.32', true],
  ['curl/8.5.0', true],
  ['', true],
  [' ', true],
  [undefined, true],
])('is a scanner by its own words: %s', (agent, expected) => {
  expect(isScannerAgent(agent)).toBe(expected);
});
