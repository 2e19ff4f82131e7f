import fc from 'fast-check';
import { ExplainService } from '#digest/explain/explain.service.js';
import { onEachDatabase } from '../support/databases.js';
import {
  DAYS,
  MINUTE,
  NOON,
  Theatre,
  type ArticleOf,
  type PastOf,
  type ReaderOf,
  type Scene,
  type Staged,
} from './selection.harness.js';
import { endOfWave, whoGetsWhat, ZONES } from './selection.oracle.js';

const READERS = 14;
const ARTICLES = 12;
/** Half a second a scene on a busy machine, and SELECTION_RUNS may ask for many. */
const TIMEOUT_MS = 600_000;
/** Of the readers of a scene: explaining looks at one at a time. */
const ASKED = 5;

const minutes = (from: number, to: number) => fc.integer({ min: from, max: to });
const some = (count: number, most = count) =>
  fc.uniqueArray(fc.nat(count - 1), { minLength: 0, maxLength: most });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);

const reader: fc.Arbitrary<ReaderOf> = fc.record({
  status: fc.oneof(
    { weight: 8, arbitrary: fc.constant('active' as const) },
    fc.constantFrom('pending', 'unsubscribed', 'bounced'),
  ),
  suppressed: rarely,
  subscribed: rarely.map((no) => !no),
  locale: fc.constantFrom('en', 'en-GB', 'de', 'xx'),
  zone: orNull(fc.constantFrom(...ZONES, 'Atlantis/Capital')),
  topics: orNull(some(4)),
  cadence: fc.constantFrom('every', 'every', 'daily', 'weekly', 'breaking'),
  weekday: orNull(minutes(1, 7)),
  hour: fc.oneof(fc.constant(null), minutes(0, 23)),
  alerts: fc.boolean(),
  pausedUntil: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    fc.constantFrom('2027-01-12', '2027-01-13', '2027-01-14', '2027-01-20'),
  ),
});

const article: fc.Arbitrary<ArticleOf> = fc.record({
  publishedAt: minutes(-20 * DAYS, 60),
  releasedAt: minutes(-20 * DAYS, 0),
  embargoUntil: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, minutes(-3 * DAYS, 60)),
  retracted: rarely,
  draft: rarely,
  priority: minutes(0, 2),
  topics: some(4, 3),
});

const past: fc.Arbitrary<PastOf> = fc
  .record({
    own: fc.boolean(),
    same: rarely,
    kind: fc.constantFrom('regular', 'regular', 'alert', 'correction'),
    selection: fc.constantFrom('auto', 'list'),
    at: minutes(-12 * DAYS, -1),
    late: minutes(0, 90),
    articles: some(ARTICLES, 8),
    got: fc.uniqueArray(
      fc.record({
        reader: fc.nat(READERS - 1),
        kept: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        status: fc.constantFrom(
          'accepted',
          'accepted',
          'uncertain',
          'queued',
          'claimed',
          'failed',
          'expired',
          'suppressed',
        ),
      }),
      { selector: (one) => one.reader, maxLength: READERS },
    ),
  })
  .map(({ late, got, ...wave }) => ({
    ...wave,
    cutoff: Math.min(wave.at + late, -1),
    got: got.map(({ reader, kept, status }) => ({
      reader,
      status,
      articles: wave.articles.filter((_, place) => kept[place]),
    })),
  }));

const slot = fc
  .record({ at: minutes(-1 * DAYS, 10), gap: orNull(minutes(60, 9 * DAYS)), local: fc.boolean() })
  .map(({ at, gap, local }) => ({ at, local, previousAt: gap === null ? null : at - gap }));

const scene: fc.Arbitrary<Scene> = fc
  .record({
    now: fc.constant(0),
    digest: fc.record({
      minArticles: minutes(1, 3),
      maxArticles: minutes(3, 6),
      orderBy: fc.shuffledSubarray(['pin', 'priority', 'recency'] as const, { minLength: 1 }),
      pinned: some(ARTICLES, 3),
      excluded: some(ARTICLES, 2),
      topics: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, some(4)),
      lookbackDays: minutes(3, 14),
      repeatAfterDays: fc.oneof(fc.constant(null), minutes(0, 10)),
      whenEmpty: fc.constantFrom('skip', 'send'),
      subject: fc.constant(null),
    }),
    edition: fc.record({
      kind: fc.constantFrom('regular', 'regular', 'regular', 'alert'),
      selection: fc.constantFrom('auto', 'auto', 'list'),
      articles: some(ARTICLES, 6),
      slot: orNull(slot),
      lastWaveAt: orNull(minutes(-18 * 60, -1)),
    }),
    readers: fc.array(reader, { minLength: READERS, maxLength: READERS }),
    articles: fc.array(article, { minLength: ARTICLES, maxLength: ARTICLES }),
    past: fc.array(past, { maxLength: 6 }),
  })
  .map(coherent);

const nobody = (at: number): PastOf => ({
  own: true,
  same: true,
  kind: 'regular',
  selection: 'auto',
  at,
  cutoff: at,
  articles: [],
  got: [],
});

/** What cannot be is taken out: an alert has no slot and chooses nothing, an edition without a slot has one wave. */
function coherent({ edition, past: waves, ...rest }: Scene): Scene {
  const isAlert = edition.kind === 'alert';
  const slot = isAlert ? null : edition.slot;
  const mended = {
    ...edition,
    slot,
    selection: isAlert ? ('list' as const) : edition.selection,
    articles: isAlert ? edition.articles.slice(0, 1) : edition.articles,
    lastWaveAt: slot ? edition.lastWaveAt : null,
  };
  const before = waves.find(({ same }) => same);
  const hasBefore = mended.lastWaveAt !== null;
  const own = { own: true, same: true, kind: mended.kind, selection: mended.selection };
  const chosenBefore = hasBefore && !before ? [nobody(mended.lastWaveAt as number)] : [];
  const past = [...waves, ...chosenBefore]
    .filter((one) => !one.same || (hasBefore && one === (before ?? chosenBefore[0])))
    .map((one) =>
      one.same
        ? { ...one, ...own, at: mended.lastWaveAt as number, cutoff: mended.lastWaveAt as number }
        : one,
    );
  return { ...rest, edition: mended, past };
}

onEachDatabase('whatever readers, articles and editions there are', (open) => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open(await open());
  });

  /** What the readers are told of it. @returns indexes of the articles that are said to be in the mail */
  async function told(staged: Staged, index: number) {
    const query = { subscriberId: staged.readers[index]! };
    const answer = await theatre.room.get(ExplainService).explain(staged.editionId, query);
    const said = answer.articles.filter(({ verdict }) => verdict === 'would_send');
    const cut = answer.articles.some(({ verdict }) => verdict === 'over_maximum');
    return { ...answer, said: said.map(({ id }) => staged.articles.indexOf(id)), cut };
  }

  it(
    'chooses for each what the rules say, and explains it so before and after',
    async () => {
      let mails = 0;
      await fc.assert(
        fc.asyncProperty(scene, async (given) => {
          const expected = whoGetsWhat(given);
          const staged = await theatre.stage(given);
          if (expected === 'nothing to send') {
            // Nobody may be due yet; else it is said.
            const outcome = await theatre.play(staged).catch((error: unknown) => error);
            // A later wave of a list of which nothing is left goes to nobody.
            if (outcome instanceof Map) expect(outcome.size).toBe(0);
            else if (outcome !== null) expect(outcome).toMatchObject({ code: 'invalid_input' });
            return;
          }
          const asked = [...given.readers.keys()].slice(0, ASKED);
          for (const index of asked) {
            const { at, frozen, said, reader } = await told(staged, index);
            if (frozen || at.getTime() > NOON + MINUTE * Math.min(0, endOfWave(given))) continue;
            expect({ index, said, due: reader.due }).toEqual({
              index,
              said: expected.get(index)?.articles ?? [],
              due: expected.has(index),
            });
          }
          const sent = (await theatre.play(staged)) ?? new Map<number, never>();
          expect(Object.fromEntries(sent)).toEqual(Object.fromEntries(expected));
          for (const index of asked) {
            const { at, frozen, said, cut } = await told(staged, index);
            const mail = sent.get(index);
            if (mail)
              expect({ index, frozen, said, cut }).toEqual({
                index,
                frozen: true,
                said: mail.articles,
                cut: mail.more,
              });
            else if (
              at.getTime() <= NOON + MINUTE * Math.min(0, endOfWave(given)) &&
              !given.past.some(({ same, got }) => same && got.some((one) => one.reader === index))
            )
              expect({ index, said }).toEqual({ index, said: [] });
          }
          mails += sent.size;
        }),
        {
          numRuns: Number(process.env['SELECTION_RUNS'] ?? 20),
          endOnFailure: true,
          ...(process.env['SELECTION_SEED'] ? { seed: Number(process.env['SELECTION_SEED']) } : {}),
        },
      );
      expect(mails).toBeGreaterThan(0); // or it would show nothing; how many is chance
    },
    TIMEOUT_MS,
  );
});
