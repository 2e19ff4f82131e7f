import type { JudgedHit } from './hit-window.js';
import { ReaderTally } from './reader-tally.js';

const hit = (given: Partial<JudgedHit>): JudgedHit => ({
  editionId: 'e',
  client: 'c',
  kind: 'open',
  number: 1,
  at: 1_000,
  verdict: 'person',
  subscriberId: 's',
  ...given,
});

describe('what measured readers did', () => {
  it('is added up by reader, edition and link, of people alone', () => {
    const tally = new ReaderTally();
    for (const given of [
      {},
      { at: 5_000 },
      { at: 500 },
      { number: 2 },
      { subscriberId: 't' },
      { editionId: 'f' },
      { verdict: 'scanner' as const },
      { subscriberId: undefined },
      { kind: 'picture' as const, number: -1, at: 700 },
      { kind: 'picture' as const, number: -1, verdict: 'scanner' as const },
    ]) {
      tally.add(hit(given));
    }
    tally.addPrefetch('e', 's', 100);
    const { clicks, opens } = tally.take();
    expect(
      clicks.map(({ editionId, subscriberId, number, count }) => [editionId, subscriberId, number, count]),
    ).toEqual([
      ['e', 's', 1, 3],
      ['e', 's', 2, 1],
      ['e', 't', 1, 1],
      ['f', 's', 1, 1],
    ]);
    expect(clicks[0]).toMatchObject({ firstAt: 500, lastAt: 5_000 });
    expect(opens).toEqual([
      { editionId: 'e', subscriberId: 's', firstAt: 100, lastAt: 700, opened: 1, prefetched: 1 },
    ]);
    expect(tally.take()).toEqual({ clicks: [], opens: [] });
  });

  it('is added to what could not be stored', () => {
    const tally = new ReaderTally();
    tally.add(hit({}));
    tally.addPrefetch('e', 's', 1);
    const counts = tally.take();
    tally.add(hit({ at: 9_000 }));
    tally.addPrefetch('e', 's', 3);
    tally.putBack(counts);
    expect(tally.take()).toEqual({
      clicks: [{ editionId: 'e', subscriberId: 's', number: 1, count: 2, firstAt: 1_000, lastAt: 9_000 }],
      opens: [{ editionId: 'e', subscriberId: 's', opened: 0, prefetched: 2, firstAt: 1, lastAt: 3 }],
    });
  });
});
