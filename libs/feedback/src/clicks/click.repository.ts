import { Injectable } from '@nestjs/common';
import { asc, eq, sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { editionClicks, editionLink, linkClicks } from '#database/schema/index.js';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import type { PageQuery } from '#kernel/input/page.js';
import type { Clicks } from '../numbers/click-number.js';
import type { Counted, CountedLink, Counts } from './click-tally.js';

/** A link of an edition and how often it was clicked. */
export interface LinkWithClicks extends Clicks {
  number: number;
  url: string;
  articleId: string | null;
}

/** Of the readers of an edition who agreed to be measured. */
export interface MeasuredNumbers {
  readers: number;
  openedBy: number;
  clickedBy: number;
  prefetched: number;
}

/** What a reader did with an edition. */
export interface ReaderEdition {
  editionId: string;
  /** Null: the picture was not fetched. */
  pictures: { firstAt: Date; lastAt: Date; opened: number; prefetched: number } | null;
  clicks: {
    number: number;
    url: string;
    articleId: string | null;
    firstAt: Date;
    lastAt: Date;
    count: number;
  }[];
}

type AsStored<T> = Omit<T, 'firstAt' | 'lastAt'> & { firstAt: string; lastAt: string };
interface StoredReaderEdition {
  editionId: string;
  firstAt: string | null;
  lastAt: string | null;
  opened: number;
  prefetched: number;
  clicks: AsStored<ReaderEdition['clicks'][number]>[];
}

/** Clicks, in numbers; beside them, of readers who agreed to be measured alone, what they clicked. */
@Injectable()
export class ClickRepository {
  constructor(
    private readonly database: Database,
    private readonly readers: MeasuredReaderRepository,
  ) {}

  /** Adds to what was counted, all or nothing. What is of no link that there is, or no longer, is left out. */
  async add({ links, editions, clicks, opens }: Counts): Promise<void> {
    await this.database.transaction(async (tx) => {
      // In the order of the keys, so that two processes never wait for each other.
      await tx.execute(sql`
        INSERT INTO link_clicks (edition_id, number, hour, people, scanners)
        SELECT v."editionId", v.number, v.hour, v.people, v.scanners FROM ${rows(links)}
        JOIN edition_link l ON l.edition_id = v."editionId" AND l.number = v.number
        ORDER BY v."editionId", v.number, v.hour
        ON CONFLICT (edition_id, number, hour) DO UPDATE
        SET people = link_clicks.people + excluded.people, scanners = link_clicks.scanners + excluded.scanners`);
      await tx.execute(sql`
        INSERT INTO edition_clicks (edition_id, hour, people, scanners)
        SELECT v."editionId", v.hour, v.people, v.scanners FROM ${rows(editions)}
        JOIN edition e ON e.id = v."editionId"
        ORDER BY v."editionId", v.hour
        ON CONFLICT (edition_id, hour) DO UPDATE
        SET people = edition_clicks.people + excluded.people, scanners = edition_clicks.scanners + excluded.scanners`);
      await this.readers.add(tx, { clicks, opens });
    });
  }

  /**
   * Of an edition's readers who agree now and did when its mail was accepted: how many they are, how many opened or clicked it, and of how many only
   * a mail program fetched the picture. A reader who clicked has opened it. Only those are looked at who did something: how many there are was
   * counted as they got it.
   */
  async measured(editionId: string): Promise<MeasuredNumbers> {
    const id = sql`${editionId}::uuid`;
    const counted = (table: SQL) => sql`SELECT measured FROM ${table} WHERE edition_id = ${id}`;
    const [found] = rowsOf<MeasuredNumbers>(
      await this.database.db.execute(sql`
        SELECT (SELECT greatest(coalesce(sum(measured), 0), 0)::int FROM (
            ${counted(sql`edition_number`)} UNION ALL ${counted(sql`edition_number_delta`)}) n) AS readers,
          count(*) FILTER (WHERE m.opened)::int AS "openedBy", count(*) FILTER (WHERE m.clicked)::int AS "clickedBy",
          count(*) FILTER (WHERE m.prefetched AND NOT m.opened)::int AS prefetched
        FROM (
          SELECT did.subscriber_id, bool_or(did.opened) AS opened, bool_or(did.clicked) AS clicked, bool_or(did.prefetched) AS prefetched
          FROM (
            SELECT subscriber_id, opened > 0 AS opened, false AS clicked, prefetched > 0 AS prefetched FROM reader_open WHERE edition_id = ${id}
            UNION ALL SELECT subscriber_id, true, true, false FROM reader_click WHERE edition_id = ${id}) did
          GROUP BY did.subscriber_id) m
        JOIN delivery d ON d.edition_id = ${id} AND d.subscriber_id = m.subscriber_id AND d.status = 'accepted'
        JOIN subscriber s ON s.id = m.subscriber_id AND s.measured_since <= d.accepted_at`),
    );
    return found ?? { readers: 0, openedBy: 0, clickedBy: 0, prefetched: 0 };
  }

  /** What a measured reader clicked and opened, latest edition first. */
  async ofReader(subscriberId: string, page: PageQuery): Promise<ReaderEdition[]> {
    const rows = rowsOf<StoredReaderEdition>(
      await this.database.db.execute(sql`
        SELECT e.id AS "editionId", o.first_at AS "firstAt", o.last_at AS "lastAt", coalesce(o.opened, 0) AS opened,
          coalesce(o.prefetched, 0) AS prefetched, (
            SELECT coalesce(jsonb_agg(jsonb_build_object('number', c.number, 'url', l.url, 'articleId', l.article_id,
              'firstAt', c.first_at, 'lastAt', c.last_at, 'count', c.count) ORDER BY c.number), '[]'::jsonb)
            FROM reader_click c JOIN edition_link l ON l.edition_id = c.edition_id AND l.number = c.number
            WHERE c.subscriber_id = ${subscriberId}::uuid AND c.edition_id = e.id) AS clicks
        FROM (SELECT edition_id AS id FROM reader_click WHERE subscriber_id = ${subscriberId}::uuid
          UNION SELECT edition_id FROM reader_open WHERE subscriber_id = ${subscriberId}::uuid) e
        LEFT JOIN reader_open o ON o.subscriber_id = ${subscriberId}::uuid AND o.edition_id = e.id
        WHERE ${page.cursor ? sql`e.id < ${page.cursor}::uuid` : sql`true`}
        ORDER BY e.id DESC LIMIT ${page.limit + 1}`),
    );
    return rows.map(toReaderEdition);
  }

  /** Where the links of an edition lead, by their numbers. */
  async targets(editionId: string): Promise<string[]> {
    const links = await this.database.db
      .select({ number: editionLink.number, url: editionLink.url })
      .from(editionLink)
      .where(eq(editionLink.editionId, editionId));
    const targets: string[] = [];
    for (const { number, url } of links) targets[number] = url;
    return targets;
  }

  /** All links of an edition with their clicks. */
  async links(editionId: string): Promise<LinkWithClicks[]> {
    const made = await this.database.db.execute(sql`
      SELECT l.number, l.url, l.article_id AS "articleId",
        coalesce(sum(c.people), 0)::int AS people, coalesce(sum(c.scanners), 0)::int AS scanners
      FROM edition_link l LEFT JOIN link_clicks c ON c.edition_id = l.edition_id AND c.number = l.number
      WHERE l.edition_id = ${editionId}::uuid
      GROUP BY l.edition_id, l.number ORDER BY l.number`);
    return rowsOf<LinkWithClicks>(made);
  }

  /** How many clicked in an edition, by the hour. */
  async hours(editionId: string): Promise<(Clicks & { hour: Date })[]> {
    return this.database.db
      .select({
        hour: editionClicks.hour,
        people: editionClicks.people,
        scanners: editionClicks.scanners,
      })
      .from(editionClicks)
      .where(eq(editionClicks.editionId, editionId))
      .orderBy(asc(editionClicks.hour));
  }

  /** Clicks on a link of an edition, by the hour. */
  async hoursOfLink(editionId: string, number: number): Promise<(Clicks & { hour: Date })[]> {
    return this.database.db
      .select({ hour: linkClicks.hour, people: linkClicks.people, scanners: linkClicks.scanners })
      .from(linkClicks)
      .where(sql`${linkClicks.editionId} = ${editionId} AND ${linkClicks.number} = ${number}`)
      .orderBy(asc(linkClicks.hour));
  }
}

/** Counts as rows `v` of a statement. */
function rows(counts: readonly (Counted | CountedLink)[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(counts)}::jsonb)
    AS v("editionId" uuid, number int, hour timestamptz, people int, scanners int)`;
}

function toReaderEdition({
  editionId,
  clicks,
  firstAt,
  lastAt,
  ...seen
}: StoredReaderEdition): ReaderEdition {
  return {
    editionId,
    pictures: firstAt && lastAt ? { ...seen, firstAt: new Date(firstAt), lastAt: new Date(lastAt) } : null,
    clicks: clicks.map((click) => ({
      ...click,
      firstAt: new Date(click.firstAt),
      lastAt: new Date(click.lastAt),
    })),
  };
}
