import type { SentEditions } from './sent-editions.js';

/** An answer of the product, and how a system counts the same that keeps a ledger alone. */
interface LedgerCount {
  path: (sent: SentEditions) => string;
  query: string;
  values: (sent: SentEditions) => string[];
}

const COUNTS = `count(*)::int AS frozen, (count(*) FILTER (WHERE d.status = 'accepted'))::int AS accepted,
  (count(*) FILTER (WHERE d.status IN ('failed', 'expired')))::int AS failed,
  sum(d.attempts - (d.status IN ('accepted', 'failed'))::int)::int AS deferred,
  (count(*) FILTER (WHERE d.bounced_at IS NOT NULL))::int AS bounced`;
const OF_DIGEST = `JOIN edition e ON e.id = d.edition_id AND e.digest_id = $1::uuid`;
const PROVIDER = `JOIN subscriber s ON s.id = d.subscriber_id
  LEFT JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2)`;
const ARTICLES = `JOIN variant v ON v.id = d.variant_id JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave
  CROSS JOIN LATERAL unnest(w.article_ids) WITH ORDINALITY AS a(id, at)`;
const IS_IN_IT = `get_bit(v.mask, a.at::int - 1) = 1`;
const none = () => [];

export const LEDGER_COUNTS: Readonly<Record<string, LedgerCount>> = {
  'edition, by provider': {
    path: ({ editionId }) => `/stats/editions/${editionId}`,
    query: `SELECT m.provider, ${COUNTS} FROM delivery d ${PROVIDER} WHERE d.edition_id = $1::uuid GROUP BY 1`,
    values: ({ editionId }) => [editionId],
  },
  'edition, by hour': {
    path: ({ editionId }) => `/stats/editions/${editionId}?by=hour`,
    query: `SELECT date_trunc('hour', d.updated_at), ${COUNTS} FROM delivery d WHERE d.edition_id = $1::uuid GROUP BY 1`,
    values: ({ editionId }) => [editionId],
  },
  'digest, by edition': {
    path: ({ digestId }) => `/stats/digests/${digestId}`,
    query: `SELECT d.edition_id, ${COUNTS} FROM delivery d ${OF_DIGEST} GROUP BY 1`,
    values: ({ digestId }) => [digestId],
  },
  providers: {
    path: () => '/stats/providers',
    query: `SELECT m.provider, ${COUNTS} FROM delivery d ${PROVIDER} GROUP BY 1`,
    values: none,
  },
  'article, by edition': {
    path: ({ articleId }) => `/stats/articles/${articleId}`,
    query: `SELECT d.edition_id, ${COUNTS} FROM delivery d ${ARTICLES} WHERE ${IS_IN_IT} AND a.id = $1::uuid GROUP BY 1`,
    values: ({ articleId }) => [articleId],
  },
  'topic, by article': {
    path: ({ topicId }) => `/stats/topics/${topicId}`,
    query: `SELECT a.id, ${COUNTS} FROM delivery d ${ARTICLES} JOIN article_topic t ON t.article_id = a.id
      WHERE ${IS_IN_IT} AND t.topic_id = $1::uuid GROUP BY 1`,
    values: ({ topicId }) => [topicId],
  },
  'articles beside each other': {
    path: () => '/stats/articles?order=clicks',
    query: `SELECT a.id, ${COUNTS} FROM delivery d ${ARTICLES} WHERE ${IS_IN_IT} GROUP BY 1`,
    values: none,
  },
  'topics beside each other': {
    path: () => '/stats/topics',
    query: `SELECT t.topic_id, ${COUNTS} FROM delivery d ${ARTICLES} JOIN article_topic t ON t.article_id = a.id WHERE ${IS_IN_IT} GROUP BY 1`,
    values: none,
  },
  'editions beside each other': {
    path: () => '/stats/editions',
    query: `SELECT d.edition_id, ${COUNTS} FROM delivery d GROUP BY 1`,
    values: none,
  },
  'audience, by form': {
    path: () => '/stats/audience',
    query: `SELECT coalesce((SELECT c.form FROM consent c WHERE c.subscriber_id = s.id AND c.kind = 'given' ORDER BY c.id LIMIT 1), 'operator'),
      count(*), count(s.confirmed_at), count(s.unsubscribed_at) FROM subscriber s GROUP BY 1`,
    values: none,
  },
};
