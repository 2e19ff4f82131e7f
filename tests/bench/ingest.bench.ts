import { createTransport } from 'nodemailer';
import { freePort } from '../support/free-port.js';
import {
  bounceMail,
  exchangeBounce,
  eximBounce,
  gmailBounce,
  qmailBounce,
  sendmailBounce,
} from '../support/returned-mail.js';
import { startSmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { makeDigest, makeEdition, untilSent } from './edition.js';
import { Installation } from './installation.js';
import { compiled, Watched } from './processes.js';
import { addReaders } from './readers.js';
import { compared, medianOf, type Measured, type Row } from './results.js';
import { freshDatabase, type Services } from './services.js';

const ROUNDS = 3;
/** Mail servers that bring bounces at once. */
const CONNECTIONS = 10;
/** Of them first, and not measured: a process that has just been started is slower, and it is started once. */
const WARM_UP = 0.2;
const MESSAGE_KB = 10;
const DIALECTS = [bounceMail, eximBounce, qmailBounce, exchangeBounce, sendmailBounce, gmailBounce];

interface Bounce {
  to: string;
  raw: Buffer;
}

/**
 * Bounces of n readers in six dialects, by SMTP: taken, read, found out whose they are, acted on and committed before each is
 * answered. Beside it a handler that parses and stores them. CPU is of the processes that take them and their children.
 */
export async function ingestBench(services: Services, n: number): Promise<Row[]> {
  const ours: Measured[] = [];
  const others: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const installation = await Installation.start(services);
    try {
      const port = await freePort();
      const bounces = await bouncesOf(installation, n, port);
      ours.push(await measureOurs(installation, bounces, port));
      others.push(await measureHandler(services, bounces));
    } finally {
      await installation.stop();
    }
  }
  const cases = [
    { bench: 'ingest', case: 'broadsheet', connections: CONNECTIONS, ...medianOf(ours) },
    { bench: 'ingest', case: 'parse and store', connections: CONNECTIONS, ...medianOf(others) },
  ];
  return compared(cases, ['parse and store']);
}

/** Sends an edition to n readers. @returns a bounce of each, to the return path that its message had */
async function bouncesOf(installation: Installation, n: number, feedbackPort: number): Promise<Bounce[]> {
  const peer = await startSmtpPeer({ keepRaw: false });
  try {
    const digestId = await makeDigest(installation, MESSAGE_KB);
    await addReaders(installation, [digestId], n);
    const bounceAddress = 'bounces@news.bench.example';
    await installation.startWorkers({ smtpPort: peer.port, bounceAddress, feedbackPort });
    const edition = await makeEdition(installation, digestId, MESSAGE_KB);
    await installation.api('POST', `/editions/${edition.id}/send`);
    await untilSent(installation, edition.id);
    return peer.accepted.map(({ from, to: [recipient = ''] }, i) => {
      const write = DIALECTS[i % DIALECTS.length] as (typeof DIALECTS)[number];
      return { to: from, raw: write({ to: from, recipient, mark: String(i) }) };
    });
  } finally {
    await peer.close();
  }
}

async function measureOurs(
  installation: Installation,
  bounces: readonly Bounce[],
  port: number,
): Promise<Measured> {
  const measured = await measureBringing(bounces, port, installation);
  const { rows } = await installation.db.query<{ kept: number; bounced: number }>(
    `SELECT (SELECT count(*)::int FROM returned_item WHERE kind = 'bounce') AS kept,
            (SELECT count(*)::int FROM subscriber WHERE status = 'bounced') AS bounced`,
  );
  const { kept, bounced } = rows[0] as { kept: number; bounced: number };
  if (kept !== bounces.length || bounced !== bounces.length)
    throw new Error(`of ${bounces.length} bounces ${kept} are kept and ${bounced} acted on`);
  return measured;
}

async function measureHandler(services: Services, bounces: readonly Bounce[]): Promise<Measured> {
  const port = await freePort();
  const handler = Watched.start(process.execPath, [compiled('./bounce-handler.js')], {
    PATH: process.env['PATH'],
    BENCH_PORT: String(port),
    BENCH_DATABASE: await freshDatabase(services),
    NODE_ENV: 'production',
  });
  try {
    const client = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    await eventually(() => client.verify(), { what: 'the handler of bounces', timeoutMs: 30_000 });
    return await measureBringing(bounces, port, handler);
  } finally {
    await handler.stop();
  }
}

async function measureBringing(
  bounces: readonly Bounce[],
  port: number,
  receiver: Pick<Watched, 'cpuMs' | 'peakRssMb'>,
): Promise<Measured> {
  const first = Math.floor(bounces.length * WARM_UP);
  await bring(bounces.slice(0, first), port);
  const cpuBefore = receiver.cpuMs;
  const seconds = await bring(bounces.slice(first), port);
  const n = bounces.length - first;
  const cpuMsPerOp = (receiver.cpuMs - cpuBefore) / n;
  return { n, perSecond: n / seconds, cpuMsPerOp, peakRssMb: receiver.peakRssMb };
}

/** Brings all of them, each until it is answered with 250. @returns seconds it took. @throws Error when one is refused */
async function bring(bounces: readonly Bounce[], port: number): Promise<number> {
  const pool = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    ignoreTLS: true,
  });
  let next = 0;
  const lane = async () => {
    for (let bounce = bounces[next++]; bounce; bounce = bounces[next++])
      await pool.sendMail({ envelope: { from: '', to: [bounce.to] }, raw: bounce.raw });
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  pool.close();
  return (performance.now() - started) / 1000;
}
