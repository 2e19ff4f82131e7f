import { setTimeout as wait } from 'node:timers/promises';
import { benchArticle } from './articles.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, type Case, type Measured, type Row } from './results.js';
import type { Services } from './services.js';
import { peakRssMbOf } from './usage.js';

const TOPICS = 20;
const ARTICLES = 40;
const LOCALES = ['en', 'de', 'fr'];
/** Readers chosen for one by one, as a baseline: their rate is that of a million. */
const ONE_BY_ONE = 3_000;
const POLL_MS = 20;
/** Nobody listens there: what is measured ends with the freeze. */
const NO_MAIL_SERVER = 1;

/**
 * Who gets what: n readers, each with random topics out of 20, over 40 articles; chosen, compiled and written to the ledger. Once as
 * their first edition, and once with another 40 articles as the next one, when what each of them had is looked back at.
 */
export async function choiceBench(services: Services, n: number): Promise<Row[]> {
  const installation = await Installation.start(services);
  try {
    const topics = await makeTopics(installation);
    const { id: digestId } = await installation.api<{ id: string }>('POST', '/digests', {
      name: 'Bench choice',
      maxArticles: 20,
      subject: '{{ articles[0].title }} and {{ articles.size | minus: 1 }} more',
    });
    await addReaders(installation, [digestId], n);
    await chooseTopics(installation, topics);
    await installation.startWorkers({ smtpPort: NO_MAIL_SERVER });
    const cases: Case[] = [];
    await makeArticles(installation, topics, 0);
    const named = (name: string, measured: Measured) =>
      cases.push({ bench: 'choice', case: name, ...measured });
    named('a query for each reader', await oneByOne(installation, digestId));
    named(`first edition`, await freeze(installation, digestId, n));
    await makeArticles(installation, topics, ARTICLES);
    named(`next edition`, await freeze(installation, digestId, n));
    return compared(cases, ['a query for each reader']);
  } finally {
    await installation.stop();
  }
}

async function makeTopics(installation: Installation): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < TOPICS; i++) {
    const topic = await installation.api<{ id: string }>('POST', '/topics', { name: `Topic ${i}` });
    ids.push(topic.id);
  }
  return ids;
}

/** Each topic with one half's chance: about half of a million sets are different. The seed makes every run the same. */
async function chooseTopics({ db }: Installation, topics: readonly string[]): Promise<void> {
  await db.query('SELECT setseed(0.42)');
  await db.query(
    `UPDATE subscription u SET topics = c.topics FROM (
       SELECT subscriber_id, array_agg(topic) FILTER (WHERE random() < 0.5) AS topics
       FROM subscription, unnest($1::uuid[]) AS topic GROUP BY subscriber_id) c
     WHERE c.subscriber_id = u.subscriber_id`,
    [topics],
  );
  await db.query(
    `UPDATE subscriber SET locale = ($1::text[])[1 + floor(random() * ${LOCALES.length})::int]`,
    [LOCALES],
  );
  await db.query('VACUUM ANALYZE subscriber, subscription');
}

async function makeArticles(
  installation: Installation,
  topics: readonly string[],
  from: number,
): Promise<void> {
  for (let i = from; i < from + ARTICLES; i++) {
    const own = [topics[i % TOPICS], topics[(i * 7 + 3) % TOPICS]].slice(0, 1 + (i % 2));
    await installation.api('POST', '/articles', { ...benchArticle(i, 4), topics: own });
  }
}

/** What a system does that asks for every reader what is new to them. */
async function oneByOne({ db }: Installation, digestId: string): Promise<Measured> {
  const { rows } = await db.query<{ id: string }>('SELECT subscriber_id AS id FROM subscription LIMIT $1', [
    ONE_BY_ONE,
  ]);
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (const { id } of rows) {
    await db.query({
      name: 'one',
      text: `SELECT a.id, a.title FROM article a
             WHERE a.retracted_at IS NULL AND NOT a.draft AND a.published_at <= now()
               AND EXISTS (SELECT 1 FROM article_topic t JOIN subscription u ON t.topic_id = ANY (u.topics)
                           WHERE t.article_id = a.id AND u.subscriber_id = $1 AND u.digest_id = $2)
               AND NOT EXISTS (SELECT 1 FROM delivery d JOIN edition_article ea ON ea.edition_id = d.edition_id
                               WHERE d.subscriber_id = $1 AND ea.article_id = a.id)
             ORDER BY a.published_at DESC LIMIT 20`,
      values: [id, digestId],
    });
  }
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    n: rows.length,
    perSecond: rows.length / seconds,
    cpuMsPerOp: (used.user + used.system) / 1000 / rows.length,
    peakRssMb: peakRssMbOf(process.pid),
  };
}

type Chosen = Measured & Required<Pick<Case, 'variants' | 'articlesPerVariant'>>;

/** From the order to send to the committed ledger. @throws Error unless every reader who has news is in it */
async function freeze(installation: Installation, digestId: string, n: number): Promise<Chosen> {
  const { db } = installation;
  const draft = await installation.api<{ id: string }>('POST', `/digests/${digestId}/editions`);
  await db.query(`UPDATE edition SET selection = 'auto' WHERE id = $1`, [draft.id]);
  const cpuBefore = installation.cpuMs;
  const started = performance.now();
  await installation.api('POST', `/editions/${draft.id}/send`);
  for (;;) {
    const { rows } = await db.query<{
      status: string;
      waves: number;
      recipients: number;
      reason: string | null;
    }>({
      name: 'frozen',
      text: `SELECT status, waves, recipients, status_reason AS reason FROM edition WHERE id = $1`,
      values: [draft.id],
    });
    const [edition] = rows;
    if (edition?.waves === 1) {
      const seconds = (performance.now() - started) / 1000;
      const { rows: made } = await db.query<{ n: number; articles: number }>(
        `SELECT count(*)::int AS n, avg(bit_count(mask))::float AS articles FROM variant WHERE edition_id = $1`,
        [draft.id],
      );
      console.error(
        `  ${edition.recipients} recipients, ${made[0]?.n} variants of ${made[0]?.articles.toFixed(1)} articles, ${seconds.toFixed(1)} s`,
      );
      if (edition.recipients < n * 0.99)
        throw new Error(`only ${edition.recipients} of ${n} readers got one`);
      const cpuMsPerOp = (installation.cpuMs - cpuBefore) / n;
      await accept(installation, draft.id);
      return {
        n,
        perSecond: n / seconds,
        cpuMsPerOp,
        peakRssMb: installation.peakRssMb,
        variants: made[0]?.n ?? 0,
        articlesPerVariant: Number(made[0]?.articles.toFixed(1)),
      };
    }
    if (edition?.status === 'failed') throw new Error(edition.reason ?? 'failed');
    await wait(POLL_MS);
  }
}

/** As if all had been delivered, which is another benchmark. */
async function accept(installation: Installation, editionId: string): Promise<void> {
  await installation.api('POST', `/editions/${editionId}/pause`);
  await installation.db.query(
    `UPDATE delivery SET status = 'accepted', accepted_at = now(), lease_token = NULL WHERE edition_id = $1`,
    [editionId],
  );
  await installation.db.query(`UPDATE edition SET status = 'sent', finished_at = now() WHERE id = $1`, [
    editionId,
  ]);
  await installation.db.query('VACUUM ANALYZE delivery, variant');
}
