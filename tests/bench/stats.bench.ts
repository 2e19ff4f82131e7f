import { benchArticle } from './articles.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, type Case, type Row } from './results.js';
import type { Services } from './services.js';
import { addSentEditions, type SentEditions } from './sent-editions.js';
import { percentile } from './percentile.js';
import { eventually } from '../support/wait-for.js';
import { LEDGER_COUNTS } from './ledger-counts.js';

const TOPICS = 20;
const ARTICLES = 40;
/** Asked for so many times; the first few make the plans and the caches, and are not measured. */
const REQUESTS = 100;
const WARM_UP = 10;
/** The ledger is read through each time. */
const LEDGER_COUNTED = 3;
/** Nobody listens there. */
const NO_MAIL_SERVER = 1;
/** The tick comes once a minute, and reads the ledger of an edition to a million. */
const COUNTED_WITHIN_MS = 15 * 60_000;

/** Each kind of answer, after an edition to n readers; beside the same answer counted from the ledger. */
export async function statsBench(services: Services, n: number): Promise<Row[]> {
  const installation = await Installation.start(services);
  try {
    const sent = await prepare(installation, n);
    const rows: Row[] = [];
    for (const [name, { path, query, values }] of Object.entries(LEDGER_COUNTS)) {
      const baseline = await countLedger(installation, `${name}, from the ledger`, query, values(sent));
      rows.push(...compared([baseline, await ask(installation, name, path(sent))], [baseline.case]));
    }
    return rows;
  } finally {
    await installation.stop();
  }
}

/** Readers, stories and what was sent, by SQL; counted by the product's own tick, as after an upgrade. */
async function prepare(installation: Installation, n: number): Promise<SentEditions> {
  const topics: string[] = [];
  for (let at = 0; at < TOPICS; at++) {
    const { id } = await installation.api<{ id: string }>('POST', '/topics', { name: `Topic ${at}` });
    topics.push(id);
  }
  const articles: string[] = [];
  for (let at = 0; at < ARTICLES; at++) {
    const on = [topics[at % TOPICS], topics[(at * 7 + 3) % TOPICS]].slice(0, 1 + (at % 2));
    const { id } = await installation.api<{ id: string }>('POST', '/articles', {
      ...benchArticle(at, 4),
      topics: on,
    });
    articles.push(id);
  }
  const digest = await installation.api<{ id: string }>('POST', '/digests', { name: 'Bench stats' });
  await addReaders(installation, [digest.id], n);
  const sent = await addSentEditions(installation, digest.id, articles, topics[0] as string, n);
  const started = performance.now();
  await installation.startWorkers({ smtpPort: NO_MAIL_SERVER });
  const left = () => installation.db.query('SELECT 1 FROM uncounted_edition LIMIT 1');
  await eventually(async () => (await left()).rowCount === 0, {
    timeoutMs: COUNTED_WITHIN_MS,
    everyMs: 500,
    what: 'the ledger to be counted',
  });
  console.error(
    `  counted by the tick ${((performance.now() - started) / 1000).toFixed(0)} s after its start`,
  );
  await installation.stopWorkers();
  await installation.db.query('VACUUM ANALYZE');
  return sent;
}

async function ask(installation: Installation, name: string, path: string): Promise<Case> {
  for (let at = 0; at < WARM_UP; at++) await installation.api('GET', path);
  const cpu = installation.cpuMs;
  const took = await timed(REQUESTS, () => installation.api('GET', path));
  return measured(name, took, (installation.cpuMs - cpu) / REQUESTS);
}

async function countLedger(
  { db }: Installation,
  name: string,
  query: string,
  values: readonly string[],
): Promise<Case> {
  return measured(name, await timed(LEDGER_COUNTED, () => db.query(query, [...values])), 0);
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    await work();
    took.push(performance.now() - started);
  }
  return took;
}

function measured(name: string, took: readonly number[], cpuMsPerOp: number): Case {
  const seconds = took.reduce((sum, ms) => sum + ms, 0) / 1000;
  const known = { p50Ms: percentile(took, 0.5), p95Ms: percentile(took, 0.95) };
  return {
    bench: 'stats',
    case: name,
    n: took.length,
    perSecond: took.length / seconds,
    cpuMsPerOp,
    peakRssMb: 0,
    ...known,
  };
}
