import { jest } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import {
  delivery,
  digest,
  edition,
  editionContent,
  editionWave,
  slot,
  variant,
} from '#database/schema/index.js';
import { PlanService } from '#digest/explain/plan.service.js';
import { SelectionRepository } from '#digest/selection/selection.repository.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { anArticle, aReader, aScene, NOON, Theatre, type Staged } from './selection.harness.js';

const hour = (n: number) => new Date(NOON + n * 3_600_000);

onEachDatabase('planning', (open) => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open(await open());
  });

  const planOf = (staged: Staged, input: unknown = {}) =>
    theatre.room.get(PlanService).plan(staged.digestId, input);
  const set = (staged: Staged, changes: Partial<typeof digest.$inferInsert>) =>
    theatre.room.database.db.update(digest).set(changes).where(eq(digest.id, staged.digestId));

  async function stageThree(): Promise<Staged> {
    return theatre.stage(
      aScene({
        articles: [
          anArticle(-60, { topics: [0] }),
          anArticle(-90, { topics: [1] }),
          anArticle(-30, { embargoUntil: 600, topics: [0] }),
        ],
        readers: [
          aReader(),
          aReader({ topics: [1] }),
          aReader({ topics: [1], locale: 'de' }),
          aReader({ topics: [3] }),
          aReader({ zone: 'America/Los_Angeles' }),
        ],
      }),
    );
  }

  it('says what an edition by hand would be, and writes nothing', async () => {
    const staged = await stageThree();
    const { db } = theatre.room.database;
    const [a, b] = staged.articles;
    const plan = await planOf(staged, { subscriberId: staged.readers[1] });
    expect(plan).toMatchObject({
      at: hour(0),
      slot: null,
      empty: 1,
      subject: 'Article 0',
      problems: [],
      predicted: null,
      waves: [{ at: hour(0), readers: 5, recipients: 4, moreVariants: 0 }],
      articles: [
        { id: a, title: 'Article 0', recipients: 2 },
        { id: b, recipients: 4 },
      ],
      reader: { editionId: null, reader: { due: true } },
    });
    expect(plan.waves[0]!.variants).toEqual([
      { articleIds: [a, b], locale: 'en', more: false, recipients: 2, subject: 'Article 0' },
      { articleIds: [b], locale: 'de', more: false, recipients: 1, subject: 'Article 1' },
      { articleIds: [b], locale: 'en', more: false, recipients: 1, subject: 'Article 1' },
    ]);
    expect(plan.reader!.articles.map(({ id, verdict }) => [id, verdict])).toEqual([
      [a, 'not_on_chosen_topics'],
      [b, 'would_send'],
      [staged.articles[2], 'embargoed'],
    ]);
    for (const table of [delivery, variant, editionWave, editionContent, slot])
      expect(await db.select().from(table)).toEqual([]);
    expect(await db.select().from(edition)).toHaveLength(1); // the scene's own
    // Nothing of it is in the way of another one, nor of the real thing.
    expect(await planOf(staged)).toMatchObject({ empty: 1 });
    expect((await theatre.play(staged))!.size).toBe(4);
  });

  it('chooses its readers as seldom as it can', async () => {
    const staged = await stageThree();
    const { database } = theatre.room;
    const choosing = jest.spyOn(theatre.room.get(SelectionRepository), 'choose');
    try {
      await planOf(staged);
      // On the embedded database each language is compiled between two tries; plain subjects need none.
      expect(choosing).toHaveBeenCalledTimes(database.kind === 'embedded' ? 3 : 1);
    } finally {
      choosing.mockRestore();
    }
  });

  it('says what each wave of the next slot would be, of what is public by then', async () => {
    const staged = await stageThree();
    await set(staged, { cron: '0 7 * * *', readerLocal: true });
    const plan = await planOf(staged, { at: '2027-01-14T00:00:00Z' });
    expect(plan.slot).toEqual({
      at: new Date('2027-01-14T07:00:00Z'),
      previousAt: new Date('2027-01-13T07:00:00Z'),
      local: true,
    });
    expect(plan.waves.map(({ at, zones, recipients }) => [at.toISOString(), zones, recipients])).toEqual([
      ['2027-01-14T06:00:00.000Z', ['Europe/Berlin'], 3],
      ['2027-01-14T15:00:00.000Z', ['America/Los_Angeles'], 1],
    ]);
    expect(plan.articles).toHaveLength(3); // the embargo is over by then
    expect(plan.waves[1]!.variants[0]!.articleIds).toHaveLength(3);
  });

  it('counts and waits for nobody who may not be mailed', async () => {
    const suppressed = aReader({ suppressed: true, zone: 'Asia/Tokyo' });
    const left = aReader({ status: 'unsubscribed', zone: 'Asia/Tokyo' });
    const staged = await theatre.stage(
      aScene({ articles: [anArticle(-60)], readers: [aReader(), suppressed, left] }),
    );
    expect((await planOf(staged)).waves).toMatchObject([{ readers: 1, recipients: 1 }]);
    await set(staged, { cron: '0 7 * * *', readerLocal: true });
    const { waves } = await planOf(staged, { at: '2027-01-14T00:00:00Z' });
    expect(waves.map(({ zones, readers }) => [zones, readers])).toEqual([[['Europe/Berlin'], 1]]);
  });

  it('foretells by the pace of the last editions', async () => {
    const staged = await stageThree();
    const { db } = theatre.room.database;
    const times = { startedAt: hour(-2), finishedAt: new Date(hour(-2).getTime() + 100_000) };
    const base = {
      publicationId: theatre.room.publicationId,
      digestId: staged.digestId,
      status: 'sent' as const,
    };
    await db
      .insert(edition)
      .values({ ...base, ...times, id: newId(), slug: 'before', waves: 1, recipients: 200 });
    expect((await planOf(staged)).predicted).toEqual({
      seconds: 2,
      perSecond: 2,
      finishAt: new Date(NOON + 2_000),
    });
  });

  it('says what would keep it from being sent', async () => {
    const staged = await stageThree();
    await set(staged, { subject: '{{ articles[1].title }}' });
    const plan = await planOf(staged);
    expect(plan.problems).toEqual([expect.stringContaining('Line 1')]);
    expect(plan.waves[0]).toMatchObject({ recipients: 4 });
  });

  it('leaves out what would take too long', async () => {
    const staged = await stageThree();
    const plans = theatre.room.get(PlanService);
    plans.budgetMs = 0;
    try {
      expect(await planOf(staged)).toMatchObject({
        waves: [{ readers: 5, recipients: null, variants: [] }],
        empty: 0,
      });
    } finally {
      plans.budgetMs = 60_000;
    }
  });

  it('refuses what makes no sense', async () => {
    const staged = await stageThree();
    const bad = (input: unknown) => expect(planOf(staged, input)).rejects;
    await bad({ at: 'soon' }).toMatchObject({ code: 'invalid_input', errors: [{ field: 'at' }] });
    await bad({ at: '2027-01-13T11:00:00Z' }).toMatchObject({
      code: 'invalid_input',
      errors: [{ field: 'at' }],
    });
    await bad({ subscriberId: newId() }).toMatchObject({ code: 'not_found' });
    await bad({ when: 1 }).toMatchObject({ code: 'invalid_input' });
    await expect(theatre.room.get(PlanService).plan(newId(), {})).rejects.toMatchObject({
      code: 'not_found',
    });
    await theatre.room.database.db.execute(sql`UPDATE digest SET archived_at = now()`);
    await bad({}).toMatchObject({ code: 'wrong_state' });
  });
});
