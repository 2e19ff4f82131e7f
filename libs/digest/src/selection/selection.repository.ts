import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { isMailable } from '#audience/subscribers/mailable.js';
import type { Executor } from '#database/database.js';
import { newId } from '#kernel/ids.js';
import { maskOf, type Mask } from '../model/bit-mask.js';
import { byCadence } from './by-cadence.js';
import type { Candidate } from './candidate.repository.js';
import type { Trace } from './history.js';
import { bitsOf, firstBits, remapped } from './mask-sql.js';
import { WEEK_MS, type DueGroup, type ReaderGroup } from './reader-groups.js';

/** Whom a wave is for. */
export type Audience =
  /** Readers of a slot, by zone and chosen hour. */
  | { of: 'slot'; groups: readonly DueGroup[] }
  /** Everybody whose cadence allows it now. */
  | { of: 'hand'; groups: readonly DueGroup[] }
  /** Who asked for alerts. */
  | { of: 'alert'; groups: readonly DueGroup[] }
  /** Who received an article, and no correction made at the same time. */
  | { of: 'correction'; articleId: string; madeAt: Date };

/** All that decides who gets what in a wave. */
export interface WaveRules {
  editionId: string;
  digestId: string;
  publicationId: string;
  /** The publication's, for readers who have none. */
  timeZone: string;
  audience: Audience;
  candidates: readonly Candidate[];
  traces: readonly Trace[];
  /** Fewer articles make no mail. */
  least: number;
  /** More are not sent; null: no matter how many. */
  most: number | null;
  /** Readers for whom nothing is left get a mail all the same. */
  sendEmpty: boolean;
}

/** A locale as readers have it, and the one their mail is written in. */
export interface LocaleChoice {
  subscriberLocale: string;
  locale: string;
}

/** Readers who got it, are getting it, or may have. */
const HELD = sql`('accepted', 'uncertain', 'queued', 'claimed')`;
/** For hashing a million readers. What is not needed is not taken. */
const WORK_MEM = sql.raw(`SET LOCAL work_mem = '128MB'`);

/** Chooses for a whole audience with a few statements. Its temporary tables live as long as the transaction. */
@Injectable()
export class SelectionRepository {
  /** Until the transaction ends no other wave of the publication is chosen: none sends what another is about to. */
  async lock(tx: Executor, publicationId: string): Promise<void> {
    await tx.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended('selection ' || ${publicationId}::text, 0))`,
    );
  }

  /** The zones and hours there are among a digest's readers. */
  async groups(tx: Executor, digestId: string, timeZone: string): Promise<ReaderGroup[]> {
    return rows<ReaderGroup>(
      tx,
      sql`
      SELECT DISTINCT coalesce(s.time_zone, ${timeZone}::text) AS zone, u.hour
      FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id
      WHERE u.digest_id = ${digestId} AND ${isMailable}`,
    );
  }

  /** The languages there are among a publication's readers. */
  async locales(tx: Executor, publicationId: string): Promise<string[]> {
    const found = await rows<{ locale: string }>(
      tx,
      sql`
      SELECT DISTINCT s.locale FROM subscriber s WHERE s.publication_id = ${publicationId} AND ${isMailable} ORDER BY 1`,
    );
    return found.map((row) => row.locale);
  }

  /**
   * Chooses: the table `wave_choice` (subscriber_id, locale, mask, more) has a row for each reader who gets a mail.
   * @param locales how the readers' languages map to those that are written in; another one is written in `fallback`
   */
  async choose(
    tx: Executor,
    rules: WaveRules,
    locales: readonly LocaleChoice[],
    fallback: string,
  ): Promise<void> {
    await tx.execute(WORK_MEM);
    await this.lookBack(tx, rules);
    const { candidates, least, most, sendEmpty } = rules;
    const size = candidates.length;
    const chosen = firstBits(wanted(rules, locales, fallback), 'subscriber_id, locale', size, most ?? size);
    await tx.execute(sql`
      CREATE TEMPORARY TABLE wave_choice ON COMMIT DROP AS
      SELECT subscriber_id, locale, kept AS mask, kept <> mask AS more FROM (${chosen}) c
      WHERE bit_count(mask) >= ${sql.raw(String(Math.max(least, 1)))}
        ${sendEmpty ? sql`OR bit_count(mask) = 0` : sql``}`);
    await tx.execute(sql`ANALYZE wave_choice`);
  }

  /** How many readers were chosen for, in which languages, and what some of them get. */
  async chosen(tx: Executor, size: number): Promise<{ readers: number; locales: string[]; used: Mask }> {
    const [row] = await rows<{ readers: number; locales: string[] | null; used: Mask | null }>(
      tx,
      sql`
      SELECT count(*)::int AS readers, (SELECT jsonb_agg(DISTINCT locale) FROM wave_choice) AS locales,
        bit_or(mask)::text AS used FROM wave_choice`,
    );
    return {
      readers: row?.readers ?? 0,
      locales: row?.locales ?? [],
      used: row?.used ?? maskOf(size, () => false),
    };
  }

  /** Sets of articles of a language: one for each that comes first and, if that matters, each number of them. */
  async leads(tx: Executor, locale: string, count: boolean): Promise<Mask[]> {
    const size = count ? sql`bit_count(mask)` : sql`least(bit_count(mask), 1)`;
    const found = await rows<{ mask: Mask }>(
      tx,
      sql`
      SELECT DISTINCT ON (lead, size) mask::text AS mask
      FROM (SELECT DISTINCT mask, position('1'::bit(1) IN mask) AS lead, ${size} AS size FROM wave_choice WHERE locale = ${locale}) m
      ORDER BY lead, size`,
    );
    return found.map((row) => row.mask);
  }

  /** Every set of articles of a language, in pages. */
  async *sets(tx: Executor, locale: string, pageSize: number): AsyncGenerator<Mask[]> {
    for (let after: Mask | null = null; ;) {
      const page: { mask: Mask }[] = await rows<{ mask: Mask }>(
        tx,
        sql`
        SELECT DISTINCT mask::text AS mask FROM wave_choice
        WHERE locale = ${locale} AND (${after}::text IS NULL OR mask > ${after ?? ''}::text::bit varying)
        ORDER BY 1 LIMIT ${pageSize}`,
      );
      if (page.length > 0) yield page.map((row) => row.mask);
      if (page.length < pageSize) return;
      after = page.at(-1)?.mask ?? null;
    }
  }

  /** The set that most readers of a language get. */
  async commonest(tx: Executor, locale: string): Promise<Mask | undefined> {
    const [row] = await rows<{ mask: Mask }>(
      tx,
      sql`
      SELECT mask::text AS mask FROM wave_choice WHERE locale = ${locale}
      GROUP BY mask ORDER BY count(*) DESC, mask DESC LIMIT 1`,
    );
    return row?.mask;
  }

  /**
   * Stores the variants of what was chosen; the table `wave_variant` (id, locale, mask, more) has them for this transaction.
   * @param contents the frozen content of each language
   * @returns how many
   */
  async storeVariants(
    tx: Executor,
    editionId: string,
    wave: number,
    contents: readonly { locale: string; contentId: string }[],
  ): Promise<number> {
    // Ids in one rising row, so that a million of them go to the end of the index: the first part of a new one, and a number.
    const prefix = newId().slice(0, 24);
    await tx.execute(sql`
      CREATE TEMPORARY TABLE wave_variant ON COMMIT DROP AS
      SELECT (${prefix}::text || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid AS id, locale, mask, more
      FROM (SELECT DISTINCT locale, mask, more FROM wave_choice) v`);
    await tx.execute(sql`ANALYZE wave_variant`);
    await tx.execute(sql`
      INSERT INTO variant (id, edition_id, wave, content_id, locale, mask, more)
      SELECT v.id, ${editionId}::uuid, ${wave}::int, c.content_id, v.locale, v.mask, v.more
      FROM wave_variant v
      JOIN jsonb_to_recordset(${JSON.stringify(
        contents.map(({ locale, contentId }) => ({ locale, content_id: contentId })),
      )}::jsonb) AS c(locale text, content_id uuid) ON c.locale = v.locale`);
    const [row] = await rows<{ n: number }>(tx, sql`SELECT count(*)::int AS n FROM wave_variant`);
    return row?.n ?? 0;
  }

  /** The table `wave_seen`: for each reader that an earlier wave reached, what is still new and what they have had. */
  private async lookBack(tx: Executor, { candidates, traces }: WaveRules): Promise<void> {
    const telling = traces.filter(
      ({ fresh, held, lastAt }) => lastAt ?? (fresh.includes('0') || held.some((place) => place !== null)),
    );
    const zeros = bitsOf(maskOf(candidates.length, () => false));
    const maps = new Map<string, { code: number; expression: SQL }>();
    const listed = telling.map(({ editionId, wave, fresh, held, lastAt }) => {
      const key = held.some((place) => place !== null) ? held.join() : '';
      if (key && !maps.has(key)) {
        maps.set(key, { code: maps.size + 1, expression: remapped(sql`v.mask`, held) });
      }
      const last = lastAt?.toISOString() ?? null;
      return { edition_id: editionId, wave, fresh, last_at: last, map: maps.get(key)?.code ?? 0 };
    });
    const mapped = listed.filter(({ map }) => map > 0).map((one) => one.edition_id);
    const cases = [...maps.values()].map(
      ({ code, expression }) => sql`WHEN ${sql.raw(String(code))} THEN ${expression}`,
    );
    const had = cases.length > 0 ? sql`CASE p.map ${sql.join(cases, sql` `)} ELSE ${zeros} END` : zeros;
    await tx.execute(sql`
      CREATE TEMPORARY TABLE wave_seen ON COMMIT DROP AS
      SELECT d.subscriber_id, bit_and(p.fresh)::bit varying AS fresh, bit_or(${had})::bit varying AS had, max(p.last_at) AS last_at
      FROM delivery d
      JOIN (SELECT edition_id, wave, fresh::text::bit varying AS fresh, last_at, map FROM jsonb_to_recordset(${JSON.stringify(listed)}::jsonb)
        AS t(edition_id uuid, wave int, fresh text, last_at timestamptz, map int) OFFSET 0) p
        ON p.edition_id = d.edition_id AND p.wave = d.wave
      ${cases.length > 0 ? sql`LEFT JOIN (SELECT id, mask FROM variant WHERE edition_id IN ${idList(mapped)}) v ON v.id = d.variant_id` : sql``}
      WHERE d.edition_id IN ${idList(listed.map((one) => one.edition_id))} AND d.status IN ${HELD} GROUP BY d.subscriber_id`);
    await tx.execute(sql`ANALYZE wave_seen`);
  }
}

/** A query of the readers of a wave: subscriber_id, locale and the mask of all that is new to them and to their liking. */
function wanted(rules: WaveRules, locales: readonly LocaleChoice[], fallback: string): SQL {
  const { audience, candidates, editionId, digestId, publicationId } = rules;
  const all = bitsOf(maskOf(candidates.length, () => true));
  const isCorrection = audience.of === 'correction';
  const mask = isCorrection
    ? all
    : sql`${onTopic(candidates)} & coalesce(seen.fresh, ${all}) & ~coalesce(seen.had, ${bitsOf(maskOf(candidates.length, () => false))})`;
  const written = JSON.stringify(
    locales.map(({ subscriberLocale, locale }) => ({ subscriber_locale: subscriberLocale, locale })),
  );
  return sql`
    SELECT s.id AS subscriber_id, coalesce(l.locale, ${fallback}::text) AS locale, (${mask})::bit varying AS mask
    FROM subscriber s
    JOIN subscription u ON u.subscriber_id = s.id AND u.digest_id = ${digestId}::uuid
    ${isCorrection ? sql`` : isInGroup(rules)}
    LEFT JOIN wave_seen seen ON seen.subscriber_id = s.id
    LEFT JOIN jsonb_to_recordset(${written}::jsonb) AS l(subscriber_locale text, locale text) ON l.subscriber_locale = s.locale
    WHERE s.publication_id = ${publicationId}::uuid AND ${isMailable}
      AND NOT EXISTS (SELECT 1 FROM delivery mine WHERE mine.edition_id = ${editionId}::uuid AND mine.subscriber_id = s.id)
      AND ${isDue(audience)}`;
}

/** The mask of the candidates on the topics a reader chose. */
function onTopic(candidates: readonly Candidate[]): SQL {
  const topics = [...new Set(candidates.flatMap((candidate) => candidate.topics))];
  const masks = topics.map((topic) => {
    const mask = maskOf(candidates.length, (index) => candidates[index]?.topics.includes(topic) ?? false);
    const none = bitsOf(maskOf(candidates.length, () => false));
    return sql`CASE WHEN ${sql.raw(`'${uuidOf(topic)}'::uuid`)} = ANY(u.topics) THEN ${bitsOf(mask)} ELSE ${none} END`;
  });
  const none = bitsOf(maskOf(candidates.length, () => false));
  return sql`CASE WHEN u.topics IS NULL THEN ${bitsOf(maskOf(candidates.length, () => true))}
    ELSE ${masks.length > 0 ? sql.join(masks, sql` | `) : none} END`;
}

/** Named in the statement itself, so that the planner sees how much of the ledger they are; of none, one that nothing has. */
function idList(ids: readonly string[]): SQL {
  const all = [...new Set(ids)].map((id) => `'${uuidOf(id)}'::uuid`);
  return sql.raw(`(${all.length > 0 ? all.join(', ') : 'NULL::uuid'})`);
}

/** Written into the statement, of which there is one for each topic: a parameter each would cost more than it guards. */
function uuidOf(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('A topic has an id that is none.');
  return id;
}

function isInGroup({ audience, timeZone }: WaveRules): SQL {
  if (audience.of === 'correction') return sql``;
  const groups = audience.groups.map(({ zone, hour, at, date, dayStart, weekdays }) => ({
    zone,
    hour,
    date,
    weekdays,
    day_start: dayStart.toISOString(),
    week_ago: new Date(at.getTime() - WEEK_MS).toISOString(),
  }));
  const sameHour = audience.of === 'slot' ? sql`AND coalesce(g.hour, -1) = coalesce(u.hour, -1)` : sql``;
  return sql`
    JOIN (SELECT * FROM jsonb_to_recordset(${JSON.stringify(groups)}::jsonb)
      AS t(zone text, hour int, date date, weekdays int[], day_start timestamptz, week_ago timestamptz) OFFSET 0) g
      ON g.zone = coalesce(s.time_zone, ${timeZone}::text) ${sameHour}`;
}

function isDue(audience: Audience): SQL {
  const notPaused = sql`(u.paused_until IS NULL OR u.paused_until <= g.date)`;
  const firstToday = sql`(seen.last_at IS NULL OR seen.last_at < g.day_start)`;
  const firstThisWeek = sql`(seen.last_at IS NULL OR seen.last_at < g.week_ago)`;
  switch (audience.of) {
    case 'slot':
    case 'hand': {
      const onTheirDay = sql`CASE WHEN u.weekday IS NULL THEN ${firstThisWeek} ELSE u.weekday = ANY(g.weekdays) AND ${firstToday} END`;
      const weekly = audience.of === 'slot' ? onTheirDay : firstThisWeek;
      const isTheirTurn = byCadence({ every: sql`true`, daily: firstToday, weekly, breaking: sql`false` });
      return sql`${notPaused} AND ${isTheirTurn}`;
    }
    case 'alert':
      return sql`${notPaused} AND (u.alerts OR u.cadence = 'breaking')`;
    case 'correction':
      return sql`EXISTS (
        SELECT 1 FROM delivery had JOIN edition he ON he.id = had.edition_id AND he.kind <> 'correction'
        JOIN edition_wave w ON w.edition_id = had.edition_id AND w.wave = had.wave
        JOIN variant v ON v.id = had.variant_id
        WHERE had.subscriber_id = s.id AND had.status = 'accepted' AND ${audience.articleId}::uuid = ANY(w.article_ids)
          AND get_bit(v.mask, array_position(w.article_ids, ${audience.articleId}::uuid) - 1) = 1)
        AND NOT EXISTS (
        SELECT 1 FROM delivery told JOIN edition te ON te.id = told.edition_id
        WHERE told.subscriber_id = s.id AND te.kind = 'correction' AND te.article_id = ${audience.articleId}::uuid
          AND te.created_at = ${audience.madeAt.toISOString()}::timestamptz)`;
  }
}

async function rows<T>(tx: Executor, query: SQL): Promise<T[]> {
  const result: unknown = await tx.execute(query);
  return (result as { rows: T[] }).rows;
}
