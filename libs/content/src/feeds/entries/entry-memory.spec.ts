import { isRetry, memoryOf, refusalOf, refusedIn } from './entry-memory.js';

it('knows what was taken', () => {
  expect(memoryOf('abc')).toEqual({ taken: 'abc', refused: null });
  expect(refusalOf(memoryOf('abc'), 'abc')).toBeNull();
});

it.each(['unusable', 'broken'] as const)('knows what is %s, and what was taken before', (as) => {
  for (const [before, taken] of [
    [undefined, null],
    ['good', 'good'],
    ['good limited 2 other', 'good'],
  ] as const) {
    const memory = memoryOf(refusedIn(before, 'bad', as));
    expect(memory).toEqual({ taken, refused: { hash: 'bad', as, tries: 1 } });
    expect([refusalOf(memory, 'bad'), refusalOf(memory, 'other')]).toEqual([as, null]);
    expect(isRetry(memory, 'bad')).toBe(false);
  }
});

it('tries again, three times in all, what a limit ended, until it changes', () => {
  let column: string | undefined;
  for (const [isAgain, refusal] of [
    [true, null],
    [true, null],
    [false, 'limited'],
  ]) {
    column = refusedIn(column, 'bad', 'limited');
    expect([isRetry(memoryOf(column), 'bad'), refusalOf(memoryOf(column), 'bad')]).toEqual([
      isAgain,
      refusal,
    ]);
  }
  expect(memoryOf(refusedIn(column, 'new', 'limited')).refused?.tries).toBe(1);
});
