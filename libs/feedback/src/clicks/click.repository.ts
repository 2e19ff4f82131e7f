import { Injectable } from '@nestjs/common';
import { asc, eq, sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { editionClicks, editionLink, linkClicks } from '#database/schema/index.js';
import type { Counted, CountedLink, Counts } from './click-tally.js';

/** A number of people, and of scanners beside them. */
export interface Clicks {
  people: number;
  scanners: number;
}

/** A link of an edition and how often it was clicked. */
export interface LinkWithClicks extends Clicks {
  number: number;
  url: string;
  articleId: string | null;
}

/** Clicks, in numbers. There is no other trace of them. */
@Injectable()
export class ClickRepository {
  constructor(private readonly database: Database) {}

  /** Adds to what was counted, all or nothing. What is of no link that there is, or no longer, is left out. */
  async add({ links, editions }: Counts): Promise<void> {
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
    });
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
