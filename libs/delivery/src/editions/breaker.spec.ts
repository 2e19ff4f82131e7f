import { Breaker } from './breaker.js';

const E = 'edition';

describe('the breaker', () => {
  it('trips when half of the latest messages are refused, with the last words', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 25; i++) expect(breaker.note(E, false, 'ok')).toBeUndefined();
    for (let i = 0; i < 24; i++) expect(breaker.note(E, true, 'no')).toBeUndefined();
    expect(breaker.note(E, true, '550 5.1.1 gone')).toBe(
      '25 of the last 50 messages were refused or are in doubt, the last with: 550 5.1.1 gone',
    );
  });

  it('does not trip over a few, however long it goes on', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 1_000; i++) expect(breaker.note(E, i % 3 === 0, 'no')).toBeUndefined();
  });

  it('keeps editions apart and begins anew after it tripped', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 49; i++) breaker.note(E, true, 'no');
    expect(breaker.note('another', true, 'no')).toBeUndefined();
    expect(breaker.note(E, true, 'no')).toBeDefined();
    expect(breaker.note(E, true, 'no')).toBeUndefined();
  });
});
