import { DAY, HOUR, WEEK_UNTIL } from './calendar.js';
import { FIRST_DAILY_DATE, WEEKLY_SLOTS } from './digests.js';
import type { ReceivedMail } from './received.js';
import type { ClockedApp } from '../../support/clocked-app.js';

interface DeliveryRow {
  messageId: string;
  email: string;
  kind: string;
  digest: string;
  status: string;
  inDoubt: boolean;
  codes: string[];
}

interface EditionRow {
  id: string;
  kind: string;
  status: string;
  recipients: number;
  rows: number;
  /** Milliseconds since the epoch. */
  nextWaveAt: number | null;
  waves: number;
}

export interface Reckoning {
  editions: number;
  waves: number;
  inDoubt: number;
}

const DELIVERIES = `
  SELECT '<' || replace(d.edition_id::text, '-', '') || '.' || replace(d.subscriber_id::text, '-', '') || '@harbour.example>' AS "messageId",
    s.email, e.kind, g.slug AS digest, d.status, d.in_doubt AS "inDoubt", (
      SELECT coalesce(jsonb_agg(upper(substring(a.url FROM '[^/]+$')) ORDER BY p.at), '[]'::jsonb)
      FROM unnest(w.article_ids) WITH ORDINALITY AS p(id, at) JOIN article a ON a.id = p.id
      WHERE get_bit(v.mask, p.at::int - 1) = 1) AS codes
  FROM delivery d JOIN edition e ON e.id = d.edition_id JOIN digest g ON g.id = e.digest_id
  JOIN subscriber s ON s.id = d.subscriber_id JOIN variant v ON v.id = d.variant_id
  JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave`;

const EDITIONS = `
  SELECT id, kind, status, recipients, (extract(epoch FROM next_wave_at) * 1000)::float8 AS "nextWaveAt", waves,
    (SELECT count(*)::int FROM delivery d WHERE d.edition_id = e.id) AS rows FROM edition e`;

const SLOTS = `
  SELECT g.slug || ' ' || to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') || ' ' || s.status || ' ' ||
    (SELECT count(*) FROM edition e WHERE e.slot_id = s.id) AS slot
  FROM slot s JOIN digest g ON g.id = s.digest_id ORDER BY 1`;

/** Holds the ledger against what the mail server got: DESIGN's invariants I1, I2 and I5. */
export async function reckon(
  app: ClockedApp,
  received: readonly ReceivedMail[],
  doubled: readonly ReceivedMail[],
  connections: number,
): Promise<Reckoning> {
  const rows = await app.rows<DeliveryRow>(DELIVERIES);
  const lineOf = (one: Omit<DeliveryRow, 'status' | 'inDoubt'>) =>
    `${one.messageId} ${one.email} ${one.kind} ${one.digest} ${one.codes.join()}`;
  const got = received.map((mail) => ({ ...mail, codes: mail.titles.map((title) => title.slice(0, 4)) }));
  expect(rows.filter(({ status }) => status !== 'accepted')).toEqual([]);
  expect(rows.map(lineOf).sort()).toEqual(got.map(lineOf).sort());

  const inDoubt = new Set(rows.filter((row) => row.inDoubt).map(({ messageId }) => messageId));
  expect(inDoubt.size).toBeLessThanOrEqual(connections);
  expect(doubled.filter(({ messageId }) => !inDoubt.has(messageId))).toEqual([]);
  expect(doubled.length).toBeLessThanOrEqual(inDoubt.size);

  const stories = got.flatMap(({ email, codes }) => codes.map((code) => `${email} ${code}`));
  expect(stories.length - new Set(stories).size).toBe(0);

  const editions = await app.rows<EditionRow>(EDITIONS);
  expect(editions.filter((one) => one.recipients !== one.rows)).toEqual([]);
  expect(editions.filter((one) => !isWhereItShouldBe(one))).toEqual([]);
  const slots = await app.rows<{ slot: string }>(SLOTS);
  expect(slots.map(({ slot }) => slot)).toEqual(slotsOfTheWeek());
  const waves = editions.reduce((sum, one) => sum + one.waves, 0);
  return { editions: editions.length, waves, inDoubt: inDoubt.size };
}

/** Sent, unless there are waves to come; and not at all when it had nothing for anybody. */
function isWhereItShouldBe({ kind, status, nextWaveAt, rows }: EditionRow): boolean {
  if (nextWaveAt !== null) {
    return kind === 'regular' && ['sending', 'scheduled'].includes(status) && nextWaveAt >= WEEK_UNTIL;
  }
  return status === (rows > 0 ? 'sent' : 'cancelled');
}

/** Each fired once, with one edition. */
function slotsOfTheWeek(): string[] {
  const slots: string[] = [];
  // A day begins where clocks are 14 hours ahead of UTC.
  for (let day = Date.parse(`${FIRST_DAILY_DATE}T00:00Z`); day - 14 * HOUR <= WEEK_UNTIL; day += DAY) {
    slots.push(`daily ${new Date(day).toISOString().slice(0, 10)}T07:00 fired 1`);
  }
  for (const at of WEEKLY_SLOTS) slots.push(`weekly ${new Date(at).toISOString().slice(0, 16)} fired 1`);
  return slots.sort();
}
