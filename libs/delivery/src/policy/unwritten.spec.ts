import { Unwritten } from './unwritten.js';

describe('what is not yet written', () => {
  it('is counted by key up to a window, and taken once', () => {
    const counts = new Unwritten();
    for (let i = 0; i < 130; i++) counts.add('a');
    counts.add('b');
    expect(counts.take('a')).toBe(100);
    expect(counts.take('a')).toBe(0);
    expect(counts.take('b')).toBe(1);
  });

  it('keeps so many keys and no more', () => {
    const counts = new Unwritten();
    for (let i = 0; i <= 20_000; i++) counts.add(`d${i}`);
    expect(counts.take('d0')).toBe(0);
    expect(counts.take('d1')).toBe(1);
    expect(counts.take('d20000')).toBe(1);
  });
});
