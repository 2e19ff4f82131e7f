import { sql, type SQL } from 'drizzle-orm';
import { EDITION_NUMBERS, type EditionNumber } from './edition-numbers.js';

/** What is counted of one article, by name; what is not there is zero. */
export type ArticleCounts = { article_id: string } & Partial<Record<EditionNumber, number>>;

/** Where counts belong. */
export interface CountedAt {
  editionId: string;
  /** A full hour. */
  hour: SQL;
}

/** The columns of the objects in `article_number_delta.counts`, as a recordset has them. */
const COUNTED_COLUMNS = sql.raw(
  ['article_id uuid', ...EDITION_NUMBERS.map((name) => `${name} int`)].join(', '),
);

/**
 * As `countInEditions`, a statement that adds to the numbers of articles: a delivery counts for each article of its variant. Rows
 * are grouped by variant before articles are looked at. It adds one row, whatever the number of articles.
 *
 * Who knows the articles already has {@link addArticleCounts}, which costs next to nothing.
 * @param rows a relation with `variant_id`, called `c`
 * @param counted for a number the condition under which a row of `c` counts
 * @param hour an expression: what happened in this full hour
 * @param times -1: it is taken back
 */
export function countInArticles(
  rows: SQL,
  counted: Partial<Record<EditionNumber, SQL>>,
  hour: SQL,
  times: 1 | -1 = 1,
): SQL {
  const numbers = EDITION_NUMBERS.flatMap((name) => {
    const condition = counted[name];
    return condition ? [{ name, column: sql.raw(name), condition }] : [];
  });
  const counts = sql.join(
    numbers.map(
      ({ column, condition }) =>
        sql`(${sql.raw(String(times))} * count(*) FILTER (WHERE ${condition}))::int AS ${column}`,
    ),
    sql`, `,
  );
  const any = sql.join(
    numbers.map(({ condition }) => condition),
    sql` OR `,
  );
  const masks = sql`
    SELECT v.edition_id, v.wave, v.mask, g.* FROM (
      SELECT c.variant_id, ${counts} FROM ${rows} c WHERE ${any} GROUP BY c.variant_id) g
    JOIN variant v ON v.id = g.variant_id`;
  return countInMasks(
    masks,
    numbers.map(({ name }) => name),
    hour,
  );
}

/**
 * {@link countInArticles} for sets of articles.
 * @param masks a query of `edition_id`, `wave`, `mask` (a bit for each of the wave's articles) and the numbers
 */
export function countInMasks(masks: SQL, numbers: readonly EditionNumber[], hour: SQL): SQL {
  const columns = numbers.map((name) => sql.raw(name));
  const sums = sql.join(
    columns.map((column) => sql`sum(g.${column})::int AS ${column}`),
    sql`, `,
  );
  const fields = sql.join(
    columns.map((column, at) => sql`${sql.raw(`'${numbers[at] as string}'`)}, p.${column}`),
    sql`, `,
  );
  return sql`
    INSERT INTO article_number_delta (id, edition_id, hour, counts)
    SELECT gen_random_uuid(), p.edition_id, ${hour}, jsonb_agg(jsonb_build_object('article_id', p.article_id, ${fields}))
    FROM (
      SELECT g.edition_id, a.id AS article_id, ${sums}
      FROM (${masks}) g JOIN edition_wave w ON w.edition_id = g.edition_id AND w.wave = g.wave
      CROSS JOIN LATERAL unnest(w.article_ids) WITH ORDINALITY AS a(id, at)
      WHERE get_bit(g.mask, a.at::int - 1) = 1 GROUP BY 1, 2) p
    GROUP BY p.edition_id`;
}

/** A wave, and how many articles it has. */
export interface FrozenWave {
  editionId: string;
  wave: number;
  articles: number;
}

/**
 * {@link countInArticles} of what was frozen of a wave, for as many variants as there are: each is looked at once, and no row is made
 * of each of its articles. A million readers with 153,186 variants over 40 articles cost some tenths of a second, by rows several seconds.
 */
export function countFrozen(rows: SQL, { editionId, wave, articles }: FrozenWave): SQL {
  if (articles === 0) return sql`SELECT 1`;
  const sums = sql.join(
    Array.from(
      { length: articles },
      (_, at) => sql`sum(g.n) FILTER (WHERE get_bit(v.mask, ${sql.raw(String(at))}) = 1)`,
    ),
    sql`, `,
  );
  return sql`
    INSERT INTO article_number_delta (id, edition_id, hour, counts)
    SELECT gen_random_uuid(), ${editionId}::uuid, ${frozenHour(editionId, wave)},
      jsonb_agg(jsonb_build_object('article_id', a.id, 'frozen', a.n))
    FROM (
      SELECT ARRAY[${sums}] AS sums
      FROM (SELECT c.variant_id, count(*)::int AS n FROM ${rows} c GROUP BY c.variant_id) g
      JOIN variant v ON v.id = g.variant_id) s
    CROSS JOIN edition_wave w CROSS JOIN LATERAL unnest(w.article_ids, s.sums) AS a(id, n)
    WHERE w.edition_id = ${editionId}::uuid AND w.wave = ${wave}::int AND a.n > 0 HAVING count(*) > 0`;
}

/** A statement that adds what was counted in memory. @param condition under which it is added at all */
export function addArticleCounts(
  { editionId, hour }: CountedAt,
  counts: readonly ArticleCounts[],
  condition: SQL,
): SQL {
  return sql`
    INSERT INTO article_number_delta (id, edition_id, hour, counts)
    SELECT gen_random_uuid(), ${editionId}::uuid, ${hour}, ${JSON.stringify(counts)}::jsonb WHERE ${condition}`;
}

/** The hour in which a wave was frozen, as an expression. */
export function frozenHour(editionId: string, wave: number): SQL {
  return sql`(SELECT date_trunc('hour', frozen_at, 'UTC') FROM edition_wave WHERE edition_id = ${editionId}::uuid AND wave = ${wave}::int)`;
}

/** As `takenEditionNumbers`, of articles: rows with `counts`, for {@link countedArticles}. */
export function takenArticleNumbers(limit: number): SQL {
  return sql`
    DELETE FROM article_number_delta WHERE id = ANY (ARRAY(
      SELECT id FROM article_number_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *`;
}

/** `counts` of a row as rows: `article_id` and the numbers, null where nothing was counted. */
export function countedArticles(counts: SQL): SQL {
  return sql`jsonb_to_recordset(${counts}) AS a(${COUNTED_COLUMNS})`;
}
