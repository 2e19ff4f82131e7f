import { isWithin, network } from './key-limits.js';

it.each([
  [null, '192.0.2.1', true],
  [['192.0.2.0/24'], '192.0.2.200', true],
  [['192.0.2.0/24'], '192.0.3.1', false],
  [['192.0.2.7'], '192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.8', false],
  [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
  [['2001:db8::/32'], '2001:db8:1::9', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['0.0.0.0/0'], '::1', false],
  [['192.0.2.0/24', '2001:db8::/32'], '2001:db8::1', true],
  [['192.0.2.0/24'], undefined, false],
  [['192.0.2.0/24'], 'nonsense', false],
])('of %j, %s: %s', (networks, ip, expected) => {
  expect(isWithin(networks, ip)).toBe(expected);
});

it.each(['192.0.2.0/24', '192.0.2.1', '2001:db8::/32', '::1', '0.0.0.0/0'])('%s is a network', (text) => {
  expect(network.safeParse(text).success).toBe(true);
});

it.each(['', '192.0.2.0/33', '192.0.2/24', '192.0.2.0/24/8', '2001:db8::/129', 'home', '192.0.2.0/x', '1/2'])(
  '%j is none',
  (text) => {
    expect(network.safeParse(text).success).toBe(false);
  },
);
