import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { runBaseline } from './baseline-process.js';
import { MOST_OF_BASELINE } from './deliver.bench.js';
import { makeDigest, makeEdition, underWay, untilSent, type BenchEdition } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { RealSink } from './real-sink-process.js';
import { compared, type Case, type Measured, type Row } from './results.js';
import type { Services } from './services.js';

const MESSAGE_KB = 100;
/** At 30 ms a round trip, ten connections carry three hundred messages a second at the most. */
export const REAL_CONNECTIONS = [10, 50, 100] as const;
/** The one that is measured by default. */
export const BEST_REAL_CONNECTIONS = 100;
const POLL_MS = 50;

/**
 * As it is out there: a mail server 30 ms away that puts 5 % of the recipients off and refuses 2 %, messages of 100 KB,
 * signed with RSA-2048. The rate is of first outcomes, whatever they are: what was put off is tried again a minute later,
 * by when nothing else is left to send. Beside it nodemailer's pool with its own DKIM.
 */
export async function realBench(
  services: Services,
  n: number,
  connections: readonly number[] = REAL_CONNECTIONS,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of connections) rows.push(...(await measureCell(services, n, one)));
  return rows;
}

/** Each with readers of its own: those who were refused are suppressed. */
async function measureCell(services: Services, n: number, connections: number): Promise<Row[]> {
  const sink = await RealSink.start();
  const installation = await Installation.start(services);
  try {
    await makeSigningTransport(installation, sink.port, connections);
    const digestId = await makeDigest(installation, MESSAGE_KB);
    await addReaders(installation, [digestId], n);
    const edition = await makeEdition(installation, digestId, MESSAGE_KB);
    const about = { bench: 'deliver-real', messageKb: MESSAGE_KB, connections };
    const pool = await sendMailPool(
      services,
      edition,
      Math.min(n, MOST_OF_BASELINE[MESSAGE_KB]),
      connections,
    );
    await installation.startWorkers();
    const ours = await sendToTheEnd(installation, sink, edition, n);
    return compared(
      [
        { ...about, case: 'sendMail pool, DKIM', ...pool },
        { ...about, case: 'broadsheet', ...ours },
      ],
      ['sendMail pool, DKIM'],
    );
  } finally {
    await installation.stop();
    await sink.stop();
  }
}

async function makeSigningTransport(
  installation: Installation,
  port: number,
  connections: number,
): Promise<void> {
  const { id } = await installation.api<{ id: string }>('POST', '/transports', {
    name: 'Out there',
    host: '127.0.0.1',
    port,
    security: 'none',
    connections,
  });
  await installation.api('POST', `/transports/${id}/dkim`, { algorithm: 'rsa' });
}

/** Against a sink of its own, which has put nobody off yet. */
async function sendMailPool(
  { redisUrl }: Services,
  { sample: { subject, html, text } }: BenchEdition,
  n: number,
  connections: number,
): Promise<Measured> {
  const sink = await RealSink.start();
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  try {
    const measured = await runBaseline('./sendmail-pool.js', {
      n,
      connections,
      smtpPort: sink.port,
      redisUrl,
      mail: { subject, html, text },
      someAreRefused: true,
      dkimPrivateKey: privateKey,
    });
    const { messages, signed, deferred, refused } = await sink.counts();
    if (messages + deferred + refused !== n || signed !== messages)
      throw new Error(
        `sendMail: taken ${messages}, signed ${signed}, put off ${deferred}, refused ${refused}`,
      );
    return measured;
  } finally {
    await sink.stop();
  }
}

type RealMeasured = Measured &
  Required<Pick<Case, 'takenPerSecond' | 'bytesPerMessage' | 'deferred' | 'refused' | 'endedAfterSeconds'>>;

/**
 * Measures until every row has its first outcome, then waits for those that were put off.
 * @throws Error unless the sink and the ledger agree about everybody
 */
async function sendToTheEnd(
  installation: Installation,
  sink: RealSink,
  edition: BenchEdition,
  n: number,
): Promise<RealMeasured> {
  const cpuBefore = installation.cpuMs;
  await installation.api('POST', `/editions/${edition.id}/send`);
  await untilAllTried(installation, sink, edition.id, n);
  const cpuMsPerOp = (installation.cpuMs - cpuBefore) / n;
  const { accepted, seconds } = await firstOutcomes(installation, edition.id);
  const { startedAt, finishedAt } = await untilSent(installation, edition.id);
  const { messages, bytes, deferred, refused, signed } = await sink.counts();
  const ledger = await lastOutcomes(installation, edition.id);
  const agreed =
    ledger.accepted === messages &&
    ledger.failed === refused &&
    ledger.tries === n + deferred &&
    messages + refused === n &&
    signed === messages;
  if (!agreed) {
    const sinks = { messages, deferred, refused, signed };
    throw new Error(`of ${n}: the sink ${JSON.stringify(sinks)}, the ledger ${JSON.stringify(ledger)}`);
  }
  return {
    n,
    perSecond: n / seconds,
    cpuMsPerOp,
    peakRssMb: installation.peakRssMb,
    takenPerSecond: Math.round(accepted / seconds),
    bytesPerMessage: Math.round(bytes / messages),
    deferred,
    refused,
    endedAfterSeconds: Math.round((finishedAt.getTime() - startedAt.getTime()) / 1000),
  };
}

/** The sink is asked first, which costs the database nothing. */
async function untilAllTried(
  installation: Installation,
  sink: RealSink,
  editionId: string,
  n: number,
): Promise<void> {
  for (;;) {
    await underWay(installation, editionId);
    const { messages, deferred, refused } = await sink.counts();
    if (messages + deferred + refused >= n) {
      const { rows } = await installation.db.query<{ left: boolean }>(
        'SELECT EXISTS (SELECT FROM delivery WHERE edition_id = $1 AND attempts = 0) AS left',
        [editionId],
      );
      if (rows[0]?.left === false) return;
    }
    await wait(POLL_MS);
  }
}

/** @returns messages taken so far, and the seconds from the freeze to the last outcome, by the ledger's own clock */
async function firstOutcomes(
  { db }: Installation,
  editionId: string,
): Promise<{ accepted: number; seconds: number }> {
  const { rows } = await db.query<{ accepted: number; seconds: number }>(
    `SELECT count(*) FILTER (WHERE d.status = 'accepted')::int AS accepted,
            extract(epoch FROM max(d.updated_at) - min(e.started_at))::float AS seconds
     FROM delivery d JOIN edition e ON e.id = d.edition_id WHERE e.id = $1`,
    [editionId],
  );
  return rows[0] ?? { accepted: 0, seconds: NaN };
}

async function lastOutcomes(
  { db }: Installation,
  editionId: string,
): Promise<{ accepted: number; failed: number; tries: number }> {
  const { rows } = await db.query<{ accepted: number; failed: number; tries: number }>(
    `SELECT count(*) FILTER (WHERE status = 'accepted')::int AS accepted,
            count(*) FILTER (WHERE status = 'failed')::int AS failed, sum(attempts)::int AS tries
     FROM delivery WHERE edition_id = $1`,
    [editionId],
  );
  return rows[0] ?? { accepted: 0, failed: 0, tries: 0 };
}
