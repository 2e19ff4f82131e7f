import { sql, type SQL } from 'drizzle-orm';

/** Which readers are meant, as ids and words that the database knows. */
export interface WantedReaders {
  publicationId: string;
  /** Each must be in the address or the name. */
  words: readonly string[];
  status?: string | undefined;
  digestId?: string | undefined;
  topicId?: string | undefined;
  source?: string | undefined;
  locale?: string | undefined;
  inactive?: boolean | undefined;
  attributes: readonly { name: string; value: string }[];
}

/** A trigram index finds nothing by fewer letters, unless they begin a word. */
const LEAST_INDEXED = 3;

/*
 * Conditions on a subscriber `s`. `search` is made by the database of address and name (`reader_search_text`); it begins with a space
 * and has one before the name.
 */

/** @param anywhere false: short words at the beginning of the address or of a name, which an index finds */
export function wordConditions(words: readonly string[], anywhere: boolean): SQL[] {
  return words.map((word) => {
    const begins = !anywhere && Array.from(word).length < LEAST_INDEXED ? '% ' : '%';
    const literal = sql`replace(replace(replace(reader_search_text(${word}::text), '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
    return sql`s.search LIKE ${begins}::text || ${literal} || '%'`;
  });
}

/** As text, and where it reads as something else, as that: `3`, `true`. */
function attributeCondition({ name, value }: { name: string; value: string }): SQL {
  const held = [JSON.stringify({ [name]: value })];
  const other = plainValue(value);
  if (other !== undefined) held.push(JSON.stringify({ [name]: other }));
  return sql`(${sql.join(
    held.map((json) => sql`s.attributes @> ${json}::jsonb`),
    sql` OR `,
  )})`;
}

function plainValue(text: string): number | boolean | null | undefined {
  if (!/^(?:true|false|null|-?\d{1,15}(?:\.\d{1,15})?)$/.test(text)) return undefined;
  return JSON.parse(/^-?0\d/.test(text) ? 'null' : text) as number | boolean | null;
}

function subscriptionCondition({ digestId, topicId }: WantedReaders): SQL[] {
  if (!digestId && !topicId) return [];
  const of = [sql`u.subscriber_id = s.id`];
  if (digestId) of.push(sql`u.digest_id = ${digestId}::uuid`);
  if (topicId) of.push(sql`u.topics @> ARRAY[${topicId}::uuid]`);
  return [sql`EXISTS (SELECT 1 FROM subscription u WHERE ${sql.join(of, sql` AND `)})`];
}

const isInactive = sql`(s.status = 'active' AND (s.rested_until IS NOT NULL OR (
  s.id IN (SELECT u.subscriber_id FROM subscription u WHERE u.paused_until > current_date)
  AND NOT EXISTS (SELECT 1 FROM subscription u
    WHERE u.subscriber_id = s.id AND (u.paused_until IS NULL OR u.paused_until <= current_date)))))`;

/** What an index has in the order of ids, the narrowest first. */
export function indexedConditions({ publicationId, status, source, locale }: WantedReaders): SQL[] {
  const [narrowest] = [
    ...(status ? [sql`s.status = ${status}`] : []),
    ...(source ? [sql`s.source = ${source}`] : []),
    ...(locale ? [sql`s.locale = ${locale}`] : []),
  ];
  return [sql`s.publication_id = ${publicationId}::uuid`, ...(narrowest ? [narrowest] : [])];
}

/** All of them. @param anywhere see {@link wordConditions} */
export function allConditions(wanted: WantedReaders, anywhere: boolean): SQL[] {
  const { publicationId, status, source, locale, inactive, words, attributes } = wanted;
  return [
    sql`s.publication_id = ${publicationId}::uuid`,
    ...(status ? [sql`s.status = ${status}`] : []),
    ...(source ? [sql`s.source = ${source}`] : []),
    ...(locale ? [sql`s.locale = ${locale}`] : []),
    ...subscriptionCondition(wanted),
    ...(inactive === undefined ? [] : [inactive ? isInactive : sql`NOT ${isInactive}`]),
    ...attributes.map(attributeCondition),
    ...wordConditions(words, anywhere),
  ];
}
