import { sql } from 'drizzle-orm';
import { bulkInput } from '#audience/bulk/bulk.schemas.js';
import { BulkService } from '#audience/bulk/bulk.service.js';
import { BulkTick } from '#audience/bulk/bulk.tick.js';
import { BulkWorker } from '#audience/bulk/bulk-worker.js';
import { ConsentSealer } from '#audience/consent/consent-sealer.js';
import { ConsentVerifier } from '#audience/consent/consent-verifier.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { rowsOf } from '#database/rows.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, openAudience, type Audience } from './audience.harness.js';

const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' as const };
const WEEKLY = { source: 'They ticked the weekly in the survey of March', terms: 'accepted' as const };
const GOING_ON = new AbortController().signal;

onEachDatabase('what is done to many readers', (open) => {
  let audience: Audience;
  let weekly: string;
  let fair = 0;
  const bulks = () => audience.module.get(BulkService);
  const worker = () => audience.module.get(BulkWorker);
  const start = (input: Record<string, unknown>) =>
    bulks().start(bulkInput.parse({ waitSeconds: 0, ...input }), 'Desk');
  const done = async (input: Record<string, unknown>) => {
    const { id } = await start(input);
    await worker().run(id!, GOING_ON);
    return bulks().get(id!);
  };
  const undone = async (id: string) => {
    await bulks().undo(id);
    await worker().run(id, GOING_ON);
    return bulks().get(id);
  };
  const reader = (id: string) => audience.get(SubscriberService).get(id);
  const slugs = async (id: string) => (await reader(id)).digests.map(({ slug }) => slug);
  const statuses = async (ids: string[]) => Promise.all(ids.map(async (id) => (await reader(id)).status));
  const ledgerOf = async (id: string) =>
    (await audience.module.get(SubscriberService).consents(id, { limit: 50 })).data.map((row) => [
      row.kind,
      row.method,
      row.sentence,
      row.purposes.join(),
    ]);

  /** A fair of its own, so that no test meets the readers of another: active ones, and the last as it came, unconfirmed. */
  async function readers(
    count: number,
    more: Record<string, unknown> = {},
  ): Promise<{ ids: string[]; filter: { attribute: string[] } }> {
    fair += 1;
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      const one = { email: `fair${fair}-${i}@example.org`, attributes: { fair }, ...more };
      const how = i === count - 1 ? { status: 'pending' } : { status: 'active', consent: CONSENT };
      ids.push((await audience.get(SubscriberService).create({ ...one, ...how })).id);
    }
    return { ids, filter: { attribute: [`fair:${fair}`] } };
  }

  beforeAll(async () => {
    audience = await openAudience(await open());
    await addDigest(audience, 'daily');
    weekly = await addDigest(audience, 'weekly', false);
    audience.module.get(BulkWorker).batch = 2; // several batches of a handful of readers
  });

  it('is only counted at first', async () => {
    const { ids, filter } = await readers(4);
    await audience.get(SubscriberService).patch(ids[0]!, { status: 'unsubscribed' });
    const jobs = audience.queue.jobs.length;
    expect(await start({ action: 'unsubscribe', filter, dryRun: true })).toMatchObject({
      id: null,
      state: 'dry_run',
      matched: 4,
      expected: 3,
      changed: 0,
    });
    expect(
      await start({ action: 'add_digest', digest: 'weekly', consent: CONSENT, filter, dryRun: true }),
    ).toMatchObject({
      matched: 4,
      expected: 2,
    });
    expect(audience.queue.jobs).toHaveLength(jobs);
    expect(await statuses(ids)).toEqual(['unsubscribed', 'active', 'active', 'pending']);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['nobody named', { action: 'suppress' }, 'filter', 'required'],
    ['two ways at once', { action: 'suppress', everybody: true, filter: { q: 'ada' } }, 'filter', 'required'],
    ['an empty filter', { action: 'suppress', filter: {} }, 'filter', 'empty'],
    ['a filter of an empty word', { action: 'suppress', filter: { q: ' ' } }, 'filter', 'empty'],
    ['a word that is too short', { action: 'suppress', filter: { q: 'ad' } }, 'filter.q', 'too_short'],
    [
      'a digest nobody needs',
      { action: 'suppress', digest: 'weekly', everybody: true },
      'digest',
      'unexpected',
    ],
    ['no digest', { action: 'remove_digest', everybody: true }, 'digest', 'required'],
    [
      'a digest that is not there',
      { action: 'remove_digest', digest: 'x', everybody: true },
      'digest',
      'unknown',
    ],
    [
      'no word of consent',
      { action: 'add_digest', digest: 'weekly', everybody: true },
      'consent',
      'required',
    ],
  ])('is refused with %s', async (_what, input, field, code) => {
    await expect(start(input)).rejects.toMatchObject({ code: 'invalid_input', errors: [{ field, code }] });
  });

  it('is refused when more are meant than were counted', async () => {
    const { filter } = await readers(3);
    await expect(start({ action: 'suppress', filter, expect: 2 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await start({ action: 'suppress', filter, expect: 3, dryRun: true })).toMatchObject({
      matched: 3,
    });
  });

  it('unsubscribes, with a row of the ledger each, and is not undone', async () => {
    const { ids, filter } = await readers(5);
    const bystander = (await readers(2)).ids;
    const bulk = await done({ action: 'unsubscribe', filter });
    expect(bulk).toMatchObject({
      state: 'done',
      matched: 5,
      expected: 5,
      changed: 5,
      skipped: {},
      canUndo: false,
    });
    expect(await statuses(ids)).toEqual(Array(5).fill('unsubscribed'));
    expect(await statuses(bystander)).toEqual(['active', 'pending']);
    expect((await ledgerOf(ids[0]!))[0]).toEqual(['withdrawn', 'operator', null, 'newsletter,digest:daily']);
    const waiting = rowsOf<{ status: string }>(
      await audience.database.db.execute(
        sql`SELECT status FROM outbox_mail WHERE subscriber_id = ${ids[4]}::uuid`,
      ),
    );
    expect(waiting.map(({ status }) => status)).not.toContain('queued'); // the confirmation goes to nobody any more
    await expect(bulks().undo(bulk.id!)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await done({ action: 'unsubscribe', filter })).toMatchObject({
      changed: 0,
      skipped: { unsubscribed: 5 },
    });
  });

  it('suppresses, and lifts again what is still an operator’s', async () => {
    const { ids, filter } = await readers(5);
    await audience.get(SuppressionService).add(`fair${fair}-0@example.org`, 'hard_bounce');
    const bulk = await done({ action: 'suppress', filter });
    expect(bulk).toMatchObject({ changed: 4, skipped: { suppressed: 1 }, canUndo: true });
    const suppressed = () => Promise.all(ids.map(async (id) => (await reader(id)).suppressed));
    expect(await suppressed()).toEqual([true, true, true, true, true]);
    await audience.database.db.execute(sql`
      UPDATE suppression SET reason = 'complaint'
      WHERE address_hmac = (SELECT address_hmac FROM subscriber WHERE id = ${ids[1]}::uuid)`);
    expect(await undone(bulk.id!)).toMatchObject({ state: 'undone', undone: 3, canUndo: false });
    expect(await suppressed()).toEqual([true, true, false, false, false]);
    await expect(bulks().undo(bulk.id!)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('gives a digest to those who are active, by the operator’s word for each, and takes it back', async () => {
    const { ids, filter } = await readers(5);
    await audience.get(SuppressionService).add(`fair${fair}-1@example.org`, 'operator');
    await audience.get(SubscriberService).patch(ids[2]!, { digests: ['daily', 'weekly'] });
    const bulk = await done({ action: 'add_digest', digest: 'weekly', consent: WEEKLY, filter });
    expect(bulk).toMatchObject({ changed: 2, skipped: { suppressed: 1, already: 1, pending: 1 } });
    expect(await slugs(ids[0]!)).toEqual(['daily', 'weekly']);
    expect(await slugs(ids[4]!)).toEqual(['daily']);
    expect((await ledgerOf(ids[0]!))[0]).toEqual([
      'given',
      'api',
      WEEKLY.source,
      'newsletter,digest:daily,digest:weekly',
    ]);
    await audience.get(SubscriberService).patch(ids[3]!, { digests: ['daily'] }); // took it off by themselves
    expect(await undone(bulk.id!)).toMatchObject({ state: 'undone', undone: 1 });
    expect(await slugs(ids[0]!)).toEqual(['daily']);
    expect(await slugs(ids[2]!)).toEqual(['daily', 'weekly']);
    expect((await reader(ids[0]!)).followsDefaults).toBe(true);
    expect((await ledgerOf(ids[0]!))[0]).toEqual(['withdrawn', 'operator', null, 'digest:weekly']);
  });

  it('takes a digest from all, and gives back what each had of it', async () => {
    const { ids, filter } = await readers(4, {
      subscriptions: [{ digest: 'weekly', cadence: 'weekly', weekday: 3 }],
    });
    const before = await reader(ids[0]!);
    const bulk = await done({ action: 'remove_digest', digest: weekly, filter });
    expect(bulk).toMatchObject({ changed: 4, skipped: {} });
    expect(await slugs(ids[0]!)).toEqual([]);
    await audience.get(SubscriberService).patch(ids[1]!, { status: 'unsubscribed' });
    expect(await undone(bulk.id!)).toMatchObject({ undone: 3 });
    expect((await reader(ids[0]!)).digests).toEqual(before.digests);
    expect(await slugs(ids[1]!)).toEqual([]);
  });

  it('gives nothing back to who has chosen anew since', async () => {
    const { ids, filter } = await readers(3, { digests: ['weekly'] });
    const bulk = await done({ action: 'remove_digest', digest: weekly, filter });
    audience.clock.advance(1_000);
    await audience.get(SubscriberService).patch(ids[0]!, { digests: ['daily'] });
    expect(await undone(bulk.id!)).toMatchObject({ undone: 2 });
    expect(await slugs(ids[0]!)).toEqual(['daily']);
    expect(await slugs(ids[1]!)).toEqual(['weekly']);
  });

  it('waits before it begins, to be called off', async () => {
    const { ids, filter } = await readers(3);
    const bulk = await start({ action: 'unsubscribe', filter, waitSeconds: 30 });
    expect(bulk).toMatchObject({ state: 'waiting', canUndo: true });
    await worker().run(bulk.id!, GOING_ON);
    expect(await bulks().get(bulk.id!)).toMatchObject({ state: 'waiting', changed: 0 });
    expect(await bulks().undo(bulk.id!)).toMatchObject({ state: 'cancelled', canUndo: false });
    audience.clock.advance(60_000);
    await worker().run(bulk.id!, GOING_ON);
    expect(await statuses(ids)).toEqual(['active', 'active', 'pending']);
  });

  it('goes on where it was after a kill, once, and not to those who came later', async () => {
    const { ids, filter } = await readers(5);
    const bulk = await start({ action: 'unsubscribe', filter });
    expect(await worker().step(bulk.id!)).toBe(true); // and then the process is gone
    expect(await bulks().get(bulk.id!)).toMatchObject({ state: 'running', changed: 2 });
    const late = await audience
      .get(SubscriberService)
      .create({ email: `late${fair}@example.org`, status: 'active', consent: CONSENT, attributes: { fair } });
    audience.queue.jobs.length = 0;
    await audience.module.get(BulkTick).run();
    expect(audience.queue.jobs).toContainEqual({ name: 'readers.bulk', payload: { bulkId: bulk.id } });
    await Promise.all([worker().run(bulk.id!, GOING_ON), worker().run(bulk.id!, GOING_ON)]);
    await worker().run(bulk.id!, GOING_ON); // whoever of the two found it held has ended
    expect(await bulks().get(bulk.id!)).toMatchObject({ state: 'done', changed: 5 });
    expect(await statuses([...ids, late.id])).toEqual([...Array<string>(5).fill('unsubscribed'), 'active']);
    for (const id of ids) {
      expect((await ledgerOf(id)).filter(([kind]) => kind === 'withdrawn')).toHaveLength(1);
    }
    audience.queue.jobs.length = 0;
    await audience.module.get(BulkTick).run();
    expect(audience.queue.jobs.filter(({ name }) => name === 'readers.bulk')).toEqual([]);
  });

  it('is undone while it is being done, as far as it came', async () => {
    const { ids, filter } = await readers(5);
    const bulk = await start({ action: 'suppress', filter });
    await worker().step(bulk.id!);
    expect(await undone(bulk.id!)).toMatchObject({ state: 'undone', changed: 2, undone: 2 });
    expect((await Promise.all(ids.map(reader))).map(({ suppressed }) => suppressed)).toEqual(
      Array(5).fill(false),
    );
  });

  it('is done to just those who are named, and keeps no word of who was meant', async () => {
    const { ids } = await readers(4);
    const bulk = await done({ action: 'suppress', ids: [ids[0], ids[2]] });
    expect(bulk).toMatchObject({ matched: 2, changed: 2, madeBy: 'Desk' });
    const [row] = rowsOf<{ task: unknown }>(
      await audience.database.db.execute(sql`SELECT task FROM reader_bulk WHERE id = ${bulk.id}::uuid`),
    );
    expect(row?.task).toBeNull();
    expect((await bulks().list({ limit: 1 })).data[0]?.id).toBe(bulk.id);
  });

  it('can not be undone after a week', async () => {
    const { filter } = await readers(3);
    const bulk = await done({ action: 'suppress', filter });
    audience.clock.advance(7 * 86_400_000 + 1);
    await audience.module.get(BulkTick).run();
    await expect(bulks().undo(bulk.id!)).rejects.toMatchObject({ code: 'wrong_state' });
    const kept = await audience.database.db.execute(sql`SELECT 1 AS one FROM reader_bulk_change`);
    expect(rowsOf(kept)).toEqual([]);
  });

  it('leaves a ledger that holds', async () => {
    await audience.module.get(ConsentSealer).seal(audience.clock.now());
    expect(await audience.module.get(ConsentVerifier).verify()).toMatchObject({ ok: true });
  });
});
