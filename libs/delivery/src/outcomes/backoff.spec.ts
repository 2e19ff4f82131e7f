import { DELIVERY_EXPIRY_MS, nextTry } from './backoff.js';

const MINUTE = 60_000;
const now = new Date('2027-01-05T09:00:00Z');
const never = new Date('2030-01-01T00:00:00Z');
const delay = (attempts: number, random = 0.5) =>
  ((nextTry(attempts, now, never, random)?.getTime() ?? NaN) - now.getTime()) / MINUTE;

describe('nextTry', () => {
  it.each([
    [1, 1],
    [2, 5],
    [3, 15],
    [4, 30],
    [5, 60],
    [6, 120],
    [7, 240],
    [8, 240],
    [500, 240],
  ])('after %i tries waits %i minutes', (attempts, minutes) => {
    expect(delay(attempts)).toBeCloseTo(minutes);
  });

  it('spreads the retries over a fifth of the delay', () => {
    expect(delay(4, 0)).toBeCloseTo(27);
    expect(delay(4, 0.999)).toBeCloseTo(33, 1);
  });

  it('gives up when the next try would come at or after the expiry', () => {
    const at = (ms: number) => new Date(now.getTime() + ms);
    expect(nextTry(1, now, at(MINUTE), 0.5)).toBeNull();
    expect(nextTry(1, now, at(MINUTE + 1), 0.5)).toEqual(at(MINUTE));
    expect(nextTry(1, now, at(-1), 0)).toBeNull();
  });

  it('is tried more than twenty times before an edition is no news any more', () => {
    const end = new Date(now.getTime() + DELIVERY_EXPIRY_MS);
    let tries = 0;
    for (let at: Date | null = now; at; at = nextTry(tries, at, end, 0.5)) tries += 1;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(30);
  });
});
