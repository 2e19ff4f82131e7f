import { SettableClock, SystemClock } from './clock.js';

describe('clocks', () => {
  it('the system clock tells the time', () => {
    expect(Math.abs(new SystemClock().now().getTime() - Date.now())).toBeLessThan(1000);
  });

  it('a settable clock stands still until told otherwise, and hands out copies', () => {
    const clock = new SettableClock('2026-03-29T00:59:59Z');
    clock.now().setFullYear(1999);
    clock.advance(1500);
    expect(clock.now()).toEqual(new Date('2026-03-29T01:00:00.500Z'));
    clock.set(new Date(0));
    expect(clock.now().getTime()).toBe(0);
  });
});
