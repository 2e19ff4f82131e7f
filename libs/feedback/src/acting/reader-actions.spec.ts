import { roundsOf } from './reader-actions.js';

const of = (subscriberId: string, n: number) => ({ subject: { subscriberId }, n });

describe('roundsOf', () => {
  it.each([
    ['nothing', [], []],
    ['readers in the order of their ids', [of('c', 1), of('a', 2), of('b', 3)], ['a2 b3 c1']],
    [
      'a reader once in each round, what came first before the rest',
      [of('b', 1), of('a', 2), of('b', 3), of('b', 4), of('a', 5)],
      ['a2 b1', 'a5 b3', 'b4'],
    ],
  ])('has %s', (_, all, rounds) => {
    const shown = roundsOf(all).map((round) =>
      round.map(({ subject: { subscriberId }, n }) => `${subscriberId}${n}`).join(' '),
    );
    expect(shown).toEqual(rounds);
  });
});
