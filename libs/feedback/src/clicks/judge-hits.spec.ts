import fc from 'fast-check';
import { judgeHits, LONGEST_BURST_MS, type Hit, type HitKind } from './judge-hits.js';

const hit = (at: number, number: number, kind: HitKind = 'open', client = 'a'): Hit => ({
  at,
  number,
  kind,
  client,
});
const open = (...times: number[]): Hit[] => times.map((at, number) => hit(at, number));

/** `p` a person, `s` a scanner. */
const written = (hits: Hit[], pace?: number) =>
  judgeHits(hits, pace)
    .map((verdict) => verdict[0])
    .join('');

describe('judgeHits', () => {
  it.each<[string, Hit[], string]>([
    ['nothing', [], ''],
    ['one click', open(0), 'p'],
    ['one click twice, on one link', [hit(0, 1), hit(200, 1)], 'pp'],
    ['two links in half a second', open(0, 500), 'ss'],
    ['two links in two seconds: two tabs', open(0, 2_000), 'pp'],
    ['three links in three seconds', open(0, 1_500, 3_000), 'sss'],
    ['three links in nine seconds', open(0, 4_500, 9_000), 'ppp'],
    [
      'ten links in a tenth of a second',
      open(...Array.from({ length: 10 }, (_, n) => n * 10)),
      's'.repeat(10),
    ],
    ['four clicks in three minutes', open(0, 40_000, 100_000, 180_000), 'pppp'],
    ['HEAD alone', [hit(0, 1, 'machine')], 's'],
    ['HEAD, then GET', [hit(0, 1, 'machine'), hit(300, 1)], 'ss'],
    ['a person half a minute after a HEAD', [hit(0, 1, 'machine'), hit(30_000, 1)], 'sp'],
    ['a link beside a page of the reader', [hit(0, 1), hit(900, 0, 'page')], 'ss'],
    ['a page of the reader half a minute after a link', [hit(0, 1), hit(30_000, 0, 'page')], 'ps'],
    ['several clients of one network', [hit(0, 1, 'open', 'a'), hit(300, 2, 'open', 'b')], 'ss'],
    ['several clients, one link: colleagues', [hit(0, 1, 'open', 'a'), hit(300, 1, 'open', 'b')], 'pp'],
    [
      'a burst, and a person a minute before and after it',
      [hit(0, 1), ...[60_000, 60_100, 60_200].map((at, n) => hit(at, n)), hit(120_000, 1)],
      'psssp',
    ],
    ['a picture, and a click half a second later', [hit(0, -1, 'picture'), hit(500, 1)], 'pp'],
    ['a picture in a burst', [hit(0, 1), hit(100, -1, 'picture'), hit(200, 2)], 'sss'],
    ['a picture just before a burst', [hit(0, -1, 'picture'), hit(100, 1), hit(200, 2)], 'sss'],
    ['pictures alone', [hit(0, -1, 'picture'), hit(100, -1, 'picture')], 'pp'],
    ['a burst counts from its first hit', [hit(0, 1), hit(200, 1), hit(400, 2)], 'sss'],
  ])('%s', (_, hits, expected) => {
    expect(written(hits)).toBe(expected);
  });

  it.each<[string, Hit[], number, string]>([
    ['two links in half a second, where a click comes every ten seconds', open(0, 500), 0.1, 'pp'],
    ['three links in two seconds there', open(0, 1_000, 2_000), 0.1, 'ppp'],
    ['six links in one second there', open(0, 200, 400, 600, 800, 1_000), 0.1, 'ssssss'],
    [
      'four links in four seconds, where two clicks come each second',
      open(0, 1_300, 2_600, 4_000),
      2,
      'pppp',
    ],
    [
      'twelve links in a second there',
      open(...Array.from({ length: 12 }, (_, n) => n * 80)),
      2,
      's'.repeat(12),
    ],
  ])('%s', (_, hits, pace, expected) => {
    expect(written(hits, pace)).toBe(expected);
  });

  const anyHits = fc
    .array(
      fc.record({
        at: fc.nat(60_000),
        number: fc.nat(8),
        kind: fc.constantFrom<HitKind>('open', 'open', 'open', 'machine', 'page'),
        client: fc.constantFrom('a', 'b'),
      }),
      { maxLength: 40 },
    )
    .map((hits) => hits.sort((a, b) => a.at - b.at));

  it('gives every hit a verdict, and never a person’s to a machine', () => {
    fc.assert(
      fc.property(anyHits, fc.double({ min: 0, max: 5, noNaN: true }), (hits, pace) => {
        const verdicts = judgeHits(hits, pace);
        expect(verdicts).toHaveLength(hits.length);
        hits.forEach(({ kind }, at) => kind !== 'open' && expect(verdicts[at]).toBe('scanner'));
      }),
    );
  });

  it('says the same whenever it is asked: only what is near counts', () => {
    fc.assert(
      fc.property(anyHits, (hits) => {
        const all = judgeHits(hits);
        hits.forEach(({ at }, index) => {
          const near = hits.filter((other) => Math.abs(other.at - at) <= LONGEST_BURST_MS);
          expect(judgeHits(near)[near.indexOf(hits[index]!)]).toBe(all[index]);
        });
      }),
    );
  });

  it('calls more hits people’s, never fewer, where people click more', () => {
    fc.assert(
      fc.property(anyHits, fc.double({ min: 0, max: 1, noNaN: true }), (hits, pace) => {
        const [slow, fast] = [judgeHits(hits, 0), judgeHits(hits, pace)];
        slow.forEach((verdict, at) => verdict === 'person' && expect(fast[at]).toBe('person'));
      }),
    );
  });
});

it('judges everything else the same whatever pictures are fetched beside it', () => {
  const kinds = fc.constantFrom<HitKind>('open', 'open', 'open', 'machine', 'page', 'picture');
  const hits = fc.array(
    fc.record({ at: fc.nat(30_000), number: fc.nat(4), kind: kinds, client: fc.constantFrom('a', 'b') }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(hits, fc.constantFrom(0, 0.1, 1), (some, pace) => {
      const all = some.sort((one, other) => one.at - other.at);
      const verdicts = judgeHits(all, pace).filter((_, index) => all[index]!.kind !== 'picture');
      expect(verdicts).toEqual(
        judgeHits(
          all.filter(({ kind }) => kind !== 'picture'),
          pace,
        ),
      );
    }),
    { numRuns: 500 },
  );
});
