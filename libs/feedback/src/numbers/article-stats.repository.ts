import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { countedArticles } from '#audience/numbers/count-in-articles.js';
import { EDITION_NUMBERS } from '#audience/numbers/edition-numbers.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import {
  clickSums,
  hourAsText,
  mailSums,
  numbersOf,
  within,
  type ClickRow,
  type EditionRow,
  type Hours,
} from './stats.repository.js';

/** Of which articles: of one, of those that are on a topic now. */
export type ArticleScope = { articleId: string } | { topicId: string };

export type ArticleKey = 'article' | 'edition' | 'hour';

const KEYS: Readonly<Record<ArticleKey, SQL>> = {
  article: sql`n.article_id`,
  edition: sql`n.edition_id`,
  hour: hourAsText,
};

/** The numbers of articles: each mail counts for each article in it. */
@Injectable()
export class ArticleStatsRepository {
  constructor(private readonly database: Database) {}

  /** What became of the mails that they were in, by one key, in its order. */
  async mails(scope: ArticleScope, by: ArticleKey, hours: Hours): Promise<EditionRow[]> {
    return this.rows(sql`
      SELECT ${KEYS[by]} AS key, ${mailSums} FROM (${articleNumbers(hours, idsOf(scope))}) n GROUP BY 1 ORDER BY 1`);
  }

  /** Clicks on links of theirs, by one key, in its order. */
  async clicks(scope: ArticleScope, by: ArticleKey, hours: Hours): Promise<ClickRow[]> {
    return this.rows(sql`
      SELECT ${KEYS[by]} AS key, ${clickSums} FROM (${articleClicks(hours, idsOf(scope))}) n GROUP BY 1 ORDER BY 1`);
  }

  private async rows<T>(query: SQL): Promise<T[]> {
    return rowsOf<T>(await this.database.db.execute(query));
  }
}

/**
 * A query of what was counted of articles, folded or not: article_id, edition_id, hour and the numbers.
 * @param articles a query of ids; left out: of all
 */
export function articleNumbers(hours: Hours, articles?: SQL): SQL {
  const columns = sql`article_id, edition_id, hour, ${numbersOf(EDITION_NUMBERS)}`;
  const its = articles ? sql`AND n.article_id IN (${articles})` : sql``;
  const unfolded = sql`(
    SELECT d.edition_id, d.hour, a.* FROM article_number_delta d CROSS JOIN LATERAL ${countedArticles(sql`d.counts`)})`;
  return sql`
    SELECT ${columns} FROM article_number n WHERE true ${its} ${within(hours)}
    UNION ALL SELECT ${columns} FROM ${unfolded} n WHERE true ${its} ${within(hours)}`;
}

/** A query of clicks on links of articles: article_id, edition_id, hour, people, scanners. @param articles as above */
export function articleClicks(hours: Hours, articles?: SQL): SQL {
  const its = articles ? sql`l.article_id IN (${articles})` : sql`l.article_id IS NOT NULL`;
  return sql`
    SELECT l.article_id, n.edition_id, n.hour, n.people, n.scanners
    FROM edition_link l JOIN link_clicks n ON n.edition_id = l.edition_id AND n.number = l.number
    WHERE ${its} ${within(hours)}`;
}

function idsOf(scope: ArticleScope): SQL {
  return 'articleId' in scope
    ? sql`SELECT ${scope.articleId}::uuid`
    : sql`SELECT article_id FROM article_topic WHERE topic_id = ${scope.topicId}::uuid`;
}
