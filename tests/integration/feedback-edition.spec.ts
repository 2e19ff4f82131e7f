import { sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { ActingModule } from '#feedback/acting/acting.module.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { onEachDatabase } from '../support/databases.js';
import {
  bounceMail,
  complaintMail,
  eximBounce,
  exchangeBounce,
  gmailBounce,
  holidayNote,
  qmailBounce,
  sendmailBounce,
  type BounceOptions,
} from '../support/returned-mail.js';
import { HOUR, PostOffice } from './delivery.harness.js';

const BOUNCES = 'bounces@news.harbour.example';
const READERS = 2_000;
const DIALECTS: ((options: BounceOptions) => Buffer)[] = [
  bounceMail,
  eximBounce,
  qmailBounce,
  exchangeBounce,
  sendmailBounce,
  gmailBounce,
];
/** What comes back, and of how many. */
const PLAN = { hard: 120, soft: 50, blocked: 30, complaint: 5, away: 50 };
const SAID = {
  hard: ['5.1.1', '550 5.1.1 No such user here'],
  soft: ['5.2.2', '552 5.2.2 The mailbox is over its quota'],
  blocked: ['5.7.1', '550 5.7.1 Message refused: poor reputation of the sending address'],
} as const;

onEachDatabase('an edition to two thousand of which some comes back', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
    office = await PostOffice.open(database, { modules: [ActingModule], config: { bounceAddress: BOUNCES } });
  });
  afterAll(() => office.close());

  it('readers, suppressions and the ledger are exactly as planned, and the next edition skips whom it should', async () => {
    const names = Array.from({ length: READERS }, (_, at) => `r${at}`);
    const { editionId, digestId, ids } = await office.frozen(names);
    for (const batch of [0, 1]) await office.deliver(editionId, batch);
    expect(await office.tally(editionId)).toEqual({ accepted: READERS });
    const paths = new Map(office.peer.accepted.map(({ from, to }) => [to[0], from]));
    const lots = lotsOf(names);

    const mails: Buffer[] = [];
    for (const its of ['hard', 'soft', 'blocked'] as const) {
      const [status, said] = SAID[its];
      for (const [at, name] of lots[its].entries()) {
        const recipient = office.address(name);
        const write = DIALECTS[at % DIALECTS.length]!;
        mails.push(write({ to: paths.get(recipient)!, recipient, status, said, mark: name }));
      }
    }
    for (const name of lots.complaint) {
      const returnPath = paths.get(office.address(name))!;
      mails.push(complaintMail({ to: 'complaints@harbour.example', returnPath, mark: name }));
    }
    for (const [at, name] of lots.away.entries()) {
      const from = office.address(name);
      mails.push(holidayNote({ to: paths.get(from)!, from, isMarked: at % 2 === 0, mark: name }));
    }
    const made = await office.get(IngestService).ingestAll(mails.map((raw) => ({ raw, way: 'smtp' })));
    expect(made.filter(({ status }) => status === 'rejected')).toEqual([]);

    const idsOf = (lot: readonly string[]) => lot.map((name) => ids[name]!).sort();
    const found = async (query: ReturnType<typeof sql>) =>
      (await office.rows<{ id: string }>(query)).map(({ id }) => id).sort();
    const ofEdition = sql`SELECT subscriber_id FROM delivery WHERE edition_id = ${editionId}`;
    const statusOf = (status: string) =>
      found(sql`SELECT id FROM subscriber WHERE status = ${status} AND id IN (${ofEdition})`);
    expect(await statusOf('bounced')).toEqual(idsOf(lots.hard));
    expect(await statusOf('complained')).toEqual(idsOf(lots.complaint));
    expect(await statusOf('active')).toHaveLength(READERS - PLAN.hard - PLAN.complaint);
    const suppressedFor = (reason: string) =>
      found(sql`SELECT s.id FROM subscriber s JOIN suppression p ON p.address_hmac = s.address_hmac
        WHERE p.reason = ${reason} AND s.id IN (${ofEdition})`);
    expect(await suppressedFor('hard_bounce')).toEqual(idsOf(lots.hard));
    expect(await suppressedFor('complaint')).toEqual(idsOf(lots.complaint));
    const eventsOf = (its: string) =>
      found(
        sql`SELECT subscriber_id AS id FROM feedback_event WHERE edition_id = ${editionId} AND class = ${its}`,
      );
    for (const its of ['hard', 'soft', 'blocked'] as const)
      expect(await eventsOf(its)).toEqual(idsOf(lots[its]));
    expect(
      await found(
        sql`SELECT subscriber_id AS id FROM delivery WHERE edition_id = ${editionId} AND bounced_at IS NOT NULL`,
      ),
    ).toEqual(idsOf([...lots.hard, ...lots.soft, ...lots.blocked]));
    expect(await office.tally(editionId)).toEqual({ accepted: READERS }); // I1: they were accepted

    office.clock.advance(HOUR);
    const next = await office.requested(digestId);
    await office.prepare(next);
    for (const batch of [0, 1]) await office.deliver(next, batch);
    const skipped = new Set([...lots.hard, ...lots.complaint]);
    const expected = names.filter((name) => !skipped.has(name));
    expect(
      await found(
        sql`SELECT subscriber_id AS id FROM delivery WHERE edition_id = ${next} AND status = 'accepted'`,
      ),
    ).toEqual(idsOf(expected));
  }, 120_000);
});

/** Different readers for each, spread over the list. */
function lotsOf(names: readonly string[]): Record<keyof typeof PLAN, string[]> {
  const spread = names.map((_, at) => names[(at * 37) % names.length]!);
  let from = 0;
  const take = (count: number) => spread.slice(from, (from += count));
  return {
    hard: take(PLAN.hard),
    soft: take(PLAN.soft),
    blocked: take(PLAN.blocked),
    complaint: take(PLAN.complaint),
    away: take(PLAN.away),
  };
}
