import { Readable } from 'node:stream';
import { eq, sql } from 'drizzle-orm';
import { countReaders } from '#audience/numbers/count-readers.js';
import { ImportService } from '#audience/operator/import.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ConfirmationService } from '#audience/reader/confirmation.service.js';
import { SignUpService, type SignUpContext } from '#audience/reader/sign-up.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { rowsOf } from '#database/rows.js';
import { subscriber } from '#database/schema/index.js';
import { ArticleStatsRepository } from '#feedback/numbers/article-stats.repository.js';
import { FoldRepository } from '#feedback/numbers/fold.repository.js';
import { StatsRepository } from '#feedback/numbers/stats.repository.js';
import { StatsService } from '#feedback/numbers/stats.service.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, context, freshAddress, openAudience, START, type Audience } from './audience.harness.js';

const VISITOR = { ip: null, userAgent: null };
const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' };
const HOUR = 3_600_000;

onEachDatabase('numbers of the audience', (open) => {
  let audience: Audience;
  let stats: StatsService;
  let folds: FoldRepository;
  beforeAll(async () => {
    audience = await openAudience(await open());
    await addDigest(audience, 'daily');
    const publications = audience.get(PublicationService) as unknown as PublicationService;
    stats = new StatsService(
      new StatsRepository(audience.database),
      new ArticleStatsRepository(audience.database),
      publications,
      audience.clock,
    );
    folds = new FoldRepository(audience.database);
  });
  beforeEach(async () => {
    audience.clock.set(START);
    await audience.database.db.execute(sql`DELETE FROM audience_number_delta`);
    await audience.database.db.execute(sql`DELETE FROM audience_number`);
  });

  const signUp = async (form: SignUpContext['form'], email = freshAddress()) => {
    await audience.get(SignUpService).signUp({ email, terms: 'accepted' }, context({ form }));
    return email;
  };
  const idOf = async (email: string) => {
    const [row] = await audience.database.db.select().from(subscriber).where(eq(subscriber.email, email));
    return row!.id;
  };
  const confirm = async (email: string) => {
    const expiresAt = new Date(audience.clock.now().getTime() + HOUR);
    const token = audience.signer.sign('confirm', { subscriberId: await idOf(email), expiresAt });
    return audience.get(ConfirmationService).confirm(token, VISITOR);
  };
  const leave = async (email: string) =>
    audience.get(UnsubscribeService).leave(await idOf(email), { ...VISITOR, method: 'page' });
  const bySource = async () => {
    audience.clock.advance(HOUR);
    const { data } = await stats.audience({ by: 'source' });
    return Object.fromEntries(
      data.map((row) => {
        const { key, ...numbers } = row as { key: string };
        return [key, Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0))];
      }),
    );
  };

  it('are by the form of the first sign-up, each reader at one', async () => {
    const ada = await signUp('article');
    await signUp('embed', ada); // again: no other reader
    await confirm(ada);
    await confirm(ada);
    const bea = await signUp('embed');
    await confirm(bea);
    await signUp('subscribe', bea); // a stranger types it
    await leave(bea);
    await leave(bea);
    await signUp('json');
    expect(await bySource()).toEqual({
      article: { signUps: 1, confirmed: 1 },
      embed: { signUps: 1, confirmed: 1, left: 1 },
      json: { signUps: 1 },
    });
    await signUp('json', bea); // comes back
    expect(await bySource()).toMatchObject({ embed: { signUps: 2, left: 1 }, json: { signUps: 1 } });
  });

  it('do not tell by their statements whether an address is known', async () => {
    const rows = async () =>
      rowsOf(await audience.database.db.execute(sql`SELECT 1 FROM audience_number_delta`)).length;
    const known = await signUp('article');
    expect(await rows()).toBe(1);
    await confirm(known);
    const suppressed = await signUp('article');
    await audience.get(SuppressionService).add(suppressed, 'complaint');
    await leave(suppressed);
    const before = await rows();
    await signUp('article', known);
    await signUp('article', suppressed);
    await signUp('article');
    expect(await rows()).toBe(before + 3);
    expect(await bySource()).toEqual({ article: { signUps: 3, confirmed: 1, left: 1 } });
  });

  it('count what operators do, by hand and by file', async () => {
    const subscribers = audience.get(SubscriberService);
    const added = await subscribers.create({ email: freshAddress(), status: 'active', consent: CONSENT });
    const asked = await subscribers.create({ email: freshAddress(), status: 'pending' });
    await subscribers.patch(added.id, { status: 'unsubscribed' });
    await subscribers.patch(asked.id, { status: 'active', consent: CONSENT });
    await subscribers.erase(asked.id);
    await subscribers.erase(added.id); // had left already
    const waiting = await signUp('article');
    const lines = [
      'email,status',
      `${freshAddress()},active`,
      `${freshAddress()},bounced`,
      `${waiting},active`,
    ];
    const bring = (text: string, consent: unknown) =>
      audience.get(ImportService).importCsv(Readable.from([text]), consent);
    await bring(lines.join('\n'), CONSENT);
    await bring(lines.join('\n'), CONSENT); // again: nobody new
    await bring(`email\n${freshAddress()}`, null);
    expect(await bySource()).toEqual({
      // The second came without a statement, and was counted so; it was given when they became active.
      api: { signUps: 1, confirmed: 2, left: 2 },
      article: { signUps: 1, confirmed: 1 },
      import: { signUps: 1, confirmed: 1 },
      operator: { signUps: 2 },
    });
  });

  it('count bounces and complaints, and are by hour and day as well, folded or not', async () => {
    const ada = await signUp('article');
    audience.clock.advance(2 * HOUR);
    const now = audience.clock.now();
    const id = await idOf(ada);
    await audience.database.transaction((tx) =>
      countReaders(tx, [{ id, counts: ['bounced', 'complained'] }], now),
    );
    audience.clock.advance(24 * HOUR);
    await leave(ada);
    const answers = async () => {
      const to = new Date(audience.clock.now().getTime() + HOUR);
      return Promise.all((['hour', 'day', 'source'] as const).map((by) => stats.audience({ to, by })));
    };
    const [hours, days, sources] = await answers();
    const total = { signUps: 1, confirmed: 0, left: 1, bounced: 1, complained: 1 };
    expect([hours!.total, days!.total, sources!.total]).toEqual([total, total, total]);
    expect(hours!.data.map((row) => 'at' in row && row.at.toISOString())).toEqual([
      '2026-03-01T09:00:00.000Z',
      '2026-03-01T11:00:00.000Z',
      '2026-03-02T11:00:00.000Z',
    ]);
    expect(days!.data).toMatchObject([
      { signUps: 1, bounced: 1, complained: 1 },
      { signUps: 0, left: 1 },
    ]);
    await Promise.all([folds.foldAudience(2), folds.foldAudience(2), folds.foldAudience(2)]);
    expect(await answers()).toEqual([hours, days, sources]);
    await folds.foldAudience(100);
    expect(await answers()).toEqual([hours, days, sources]);
  });
});
