import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { EDITION_NUMBERS } from '#audience/numbers/edition-numbers.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { Clicks } from './click-number.js';
import { articleClicks, articleNumbers } from './article-stats.repository.js';
import { clickSums, mailSums, numbersOf, within, type EditionRow, type Hours } from './stats.repository.js';

/** What is set beside its like. */
export type Compared = 'articles' | 'topics' | 'editions';

export type ComparisonOrder = 'newest' | 'clicks';

export interface Comparison {
  publicationId: string;
  hours: Hours;
  order: ComparisonOrder;
  limit: number;
}

export type ComparedRow = EditionRow & Clicks & { name: string };

/** How the things of a kind are counted and called. */
interface Kind {
  /** Its table. */
  table: SQL;
  name: SQL;
  /** The later it is the newer. */
  newest: SQL;
  /** Queries of `key` and the numbers. */
  mails: (hours: Hours) => SQL;
  clicks: (hours: Hours) => SQL;
}

const byArticle = (rows: SQL, sums: SQL) =>
  sql`SELECT n.article_id AS key, ${sums} FROM (${rows}) n GROUP BY 1`;
/** Article by article first: a topic has many, and each many hours. */
const byTopic = (rows: SQL, sums: SQL) => sql`
  SELECT t.topic_id AS key, ${sums} FROM (${byArticle(rows, sums)}) n JOIN article_topic t ON t.article_id = n.key GROUP BY 1`;

const KINDS: Readonly<Record<Compared, Kind>> = {
  articles: {
    table: sql`article`,
    name: sql`o.title`,
    newest: sql`o.published_at`,
    mails: (hours) => byArticle(articleNumbers(hours), mailSums),
    clicks: (hours) => byArticle(articleClicks(hours), clickSums),
  },
  topics: {
    table: sql`topic`,
    name: sql`o.name`,
    newest: sql`o.id`,
    mails: (hours) => byTopic(articleNumbers(hours), mailSums),
    clicks: (hours) => byTopic(articleClicks(hours), clickSums),
  },
  editions: {
    table: sql`edition`,
    name: sql`o.slug`,
    newest: sql`coalesce(o.started_at, o.created_at)`,
    mails: (hours) => {
      const columns = sql`edition_id, ${numbersOf(EDITION_NUMBERS)}`;
      return sql`
        SELECT n.edition_id AS key, ${mailSums} FROM (
          SELECT ${columns} FROM edition_number n WHERE true ${within(hours)}
          UNION ALL SELECT ${columns} FROM edition_number_delta n WHERE true ${within(hours)}) n GROUP BY 1`;
    },
    clicks: (hours) =>
      sql`SELECT n.edition_id AS key, ${clickSums} FROM edition_clicks n WHERE true ${within(hours)} GROUP BY 1`,
  },
};

/** Things of one kind beside each other, by what was counted of them in some hours. */
@Injectable()
export class ComparisonRepository {
  constructor(private readonly database: Database) {}

  /** Those of which anything was counted; by clicks, the newer of two alike comes first. */
  async compare(what: Compared, { publicationId, hours, order, limit }: Comparison): Promise<ComparedRow[]> {
    const { table, name, newest, mails, clicks } = KINDS[what];
    const numbers = sql.join(
      [...EDITION_NUMBERS, 'people', 'scanners'].map(
        (one) => sql`coalesce(${sql.raw(one)}, 0) AS ${sql.raw(one)}`,
      ),
      sql`, `,
    );
    const ranked = order === 'clicks' ? sql`coalesce(people, 0) DESC, ` : sql``;
    return rowsOf<ComparedRow>(
      await this.database.db.execute(sql`
      SELECT o.id AS key, ${name} AS name, ${numbers}
      FROM (${mails(hours)}) m FULL JOIN (${clicks(hours)}) c ON c.key = m.key
      JOIN ${table} o ON o.id = coalesce(m.key, c.key) AND o.publication_id = ${publicationId}::uuid
      ORDER BY ${ranked} ${newest} DESC, o.id DESC LIMIT ${limit}::int`),
    );
  }
}
