import { bouncesTooMuch, complaintLevel, type Level } from './rates.js';

it.each<[count: number, of: number, Level | null]>([
  [0, 0, null],
  [2, 1_000, null], // too few
  [3, 999, null],
  [3, 1_000, 'severe'],
  [3, 1_001, 'warning'],
  [3, 2_999, 'warning'],
  [3, 3_000, null], // 0.1 % itself is allowed
  [100, 100_000, null],
  [101, 100_000, 'warning'],
  [299, 100_000, 'warning'],
  [300, 100_000, 'severe'], // 0.3 % is not
])('%d complaints of %d accepted: %s', (count, of, level) => {
  expect(complaintLevel({ count, of })).toBe(level);
});

it.each<[count: number, of: number, boolean]>([
  [0, 0, false],
  [4, 100, false],
  [5, 99, false],
  [5, 100, true],
  [5, 250, false], // 2 % itself
  [6, 250, true],
  [2_000, 100_000, false],
  [2_001, 100_000, true],
])('%d dead addresses of %d messages: %s', (count, of, isTooMuch) => {
  expect(bouncesTooMuch({ count, of })).toBe(isTooMuch);
});
