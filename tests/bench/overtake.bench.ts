import { setTimeout as wait } from 'node:timers/promises';
import { benchArticle } from './articles.js';
import { makeDigest, makeEdition, underWay, untilSent } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, type Case, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const CONNECTIONS = 10;
const MESSAGE_KB = 10;
/** Every tenth reader asked for alerts. */
const ALERTED_ONE_IN = 10;
/** So much of the digest is out when the news breaks. */
const OUT_BEFORE = 0.1;
const POLL_MS = 20;
/** Not one of those of the digest. */
const BREAKING = 500;

/**
 * Breaking news during a digest to n readers: an article is published through the API and goes to a tenth of them at
 * once. Times are from that request to `accepted_at` in the ledger, which is when a worker began to write the outcome
 * down, with those of the tenth of a second before.
 */
export async function overtakeBench(services: Services, n: number): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  try {
    const digestId = await makeDigest(installation, MESSAGE_KB);
    await addReaders(installation, [digestId], n);
    await askForAlerts(installation);
    await installation.startWorkers({ connections: CONNECTIONS, smtpPort: sink.port });
    return await measure(installation, sink, digestId, n);
  } finally {
    await installation.stop();
    await sink.stop();
  }
}

async function askForAlerts({ db }: Installation): Promise<void> {
  await db.query(
    `UPDATE subscription SET alerts = true WHERE subscriber_id IN (
       SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM subscriber) s WHERE i % ${ALERTED_ONE_IN} = 0)`,
  );
  await db.query('VACUUM ANALYZE subscription');
}

async function measure(
  installation: Installation,
  sink: SmtpSink,
  digestId: string,
  n: number,
): Promise<Row[]> {
  const { id: digest } = await makeEdition(installation, digestId, MESSAGE_KB);
  const cpu = [installation.cpuMs];
  const taken = [sink.taken()];
  const note = () => {
    cpu.push(installation.cpuMs);
    taken.push(sink.taken());
  };
  await installation.api('POST', `/editions/${digest}/send`);
  while (sink.taken() < n * OUT_BEFORE) {
    await underWay(installation, digest);
    await wait(POLL_MS);
  }
  note();
  const publishedAt = Date.now();
  const article = { ...benchArticle(BREAKING, 4), breaking: true };
  const { id: articleId } = await installation.api<{ id: string }>('POST', '/articles', article);
  const alert = await alertOf(installation, articleId);
  await untilSent(installation, alert);
  note();
  await untilSent(installation, digest);
  note();

  const alerted = Math.floor(n / ALERTED_ONE_IN);
  await insistOnAll(installation, sink, { [digest]: n, [alert]: alerted });
  const before = await outcomes(installation, [digest], 0, publishedAt);
  const times = await timesOf(installation, alert, publishedAt);
  const during = await outcomes(installation, [digest, alert], publishedAt, publishedAt + times.lastMs);
  const all = await outcomes(installation, [digest, alert], 0, Date.now());
  const cpuPerMessage = (from: number, to: number) =>
    ((cpu[to] as number) - (cpu[from] as number)) / ((taken[to] as number) - (taken[from] as number));
  const about = { bench: 'overtake', messageKb: MESSAGE_KB, connections: CONNECTIONS, workers: 1 };
  const measured = { ...about, peakRssMb: installation.peakRssMb };
  const first = 'digest, before the alert';
  const cases: Case[] = [
    { ...measured, case: first, n: before.n, perSecond: rate(before), cpuMsPerOp: cpuPerMessage(0, 1) },
    {
      ...measured,
      case: 'alert',
      n: alerted,
      perSecond: (alerted * 1000) / (times.lastMs - times.firstMs),
      cpuMsPerOp: cpuPerMessage(1, 2),
      ...times,
      allPerSecond: Math.round((during.n * 1000) / times.lastMs),
    },
    {
      ...measured,
      case: 'both, to the end',
      n: all.n,
      perSecond: rate(all),
      cpuMsPerOp: cpuPerMessage(0, 3),
    },
  ];
  return compared(cases, [first]);
}

async function alertOf({ db }: Installation, articleId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM edition WHERE article_id = $1 AND kind = 'alert'`,
    [articleId],
  );
  const [alert, ...more] = rows;
  if (!alert || more.length > 0) throw new Error(`${rows.length} alerts were made`);
  return alert.id;
}

/** @throws Error unless the sink took, and the ledger says, just what each edition was to send */
async function insistOnAll(
  installation: Installation,
  sink: SmtpSink,
  wanted: Record<string, number>,
): Promise<void> {
  for (const [id, n] of Object.entries(wanted)) {
    const { counts } = await installation.api<{ counts: { accepted: number } }>('GET', `/editions/${id}`);
    if (counts.accepted !== n) throw new Error(`accepted ${counts.accepted} of ${n}`);
  }
  const sum = Object.values(wanted).reduce((a, b) => a + b, 0);
  if (sink.taken() !== sum) throw new Error(`taken ${sink.taken()}, wanted ${sum}`);
}

interface Outcomes {
  n: number;
  seconds: number;
}

/** What was accepted within a time, given in ms since 1970, and the seconds from the first of it to the last. */
async function outcomes(
  { db }: Installation,
  editionIds: readonly string[],
  from: number,
  to: number,
): Promise<Outcomes> {
  const { rows } = await db.query<Outcomes>(
    `SELECT count(*)::int AS n, extract(epoch FROM max(accepted_at) - min(accepted_at))::float AS seconds
     FROM delivery WHERE edition_id = ANY ($1::uuid[]) AND accepted_at BETWEEN $2 AND $3`,
    [editionIds, new Date(from), new Date(to)],
  );
  return rows[0] ?? { n: 0, seconds: NaN };
}

const rate = ({ n, seconds }: Outcomes) => n / seconds;

type Times = Required<Pick<Case, 'firstMs' | 'p50Ms' | 'p99Ms' | 'lastMs'>>;

/** Milliseconds from the request to the outcomes of the alert. */
async function timesOf({ db }: Installation, alert: string, publishedAt: number): Promise<Times> {
  const { rows } = await db.query<Times>(
    `SELECT round(min(ms))::int AS "firstMs", round(max(ms))::int AS "lastMs",
            round(percentile_disc(0.5) WITHIN GROUP (ORDER BY ms))::int AS "p50Ms",
            round(percentile_disc(0.99) WITHIN GROUP (ORDER BY ms))::int AS "p99Ms"
     FROM (SELECT extract(epoch FROM accepted_at) * 1000 - $2::float8 AS ms FROM delivery WHERE edition_id = $1) t`,
    [alert, publishedAt],
  );
  if (!rows[0]) throw new Error('nobody was alerted');
  return rows[0];
}
