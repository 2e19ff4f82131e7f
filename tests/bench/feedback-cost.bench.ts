import { freePort } from '../support/free-port.js';
import { makeDigest, makeEdition, sendEdition } from './edition.js';
import { Installation, type WorkerOptions } from './installation.js';
import { addReaders } from './readers.js';
import { compared, medianOf, type Case, type Measured, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const CONNECTIONS = 10;
const MESSAGE_KB = 10;
/** Rounds; the middle one counts. What is looked for is smaller than what one noisy minute does. */
const ROUNDS = 5;

/** With a way in, each message also has an address of its own to leave by; signed, one for complaints too (RFC 9477). */
const RETURNED = { bounceAddress: 'bounces@news.bench.example', isReceiving: true };

/** As before there was any feedback, and what it adds. The numbers of editions and articles are counted in all of them: nobody turns them off. */
const UNSIGNED = {
  'no feedback': { measure: 'none' },
  'return paths': { measure: 'none', ...RETURNED },
  'click totals': { measure: 'totals' },
  'both of them': { measure: 'totals', ...RETURNED },
} as const;
/** Complaints are asked for by signed mail only, so beside it stands signed mail. */
const SIGNED = {
  'signed, no feedback': { measure: 'none' },
  'signed, both and complaints': { measure: 'totals', ...RETURNED },
} as const;
type Setting = WorkerOptions & { measure: 'none' | 'totals'; isReceiving?: boolean };

/** What each is held against. */
const BEFORE_FEEDBACK = ['no feedback', 'signed, no feedback'] as const;

/**
 * What a return path and an address to leave by of each message's own, links that are counted, and addresses for complaints cost an edition to
 * n readers, in turns, each with a worker just started.
 */
export async function feedbackCostBench(services: Services, n: number): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  try {
    const digestId = await makeDigest(installation, MESSAGE_KB);
    await addReaders(installation, [digestId], n);
    const bench = { installation, sink, digestId, n };
    const [unsigned, signed] = BEFORE_FEEDBACK;
    const rows = compared(await casesOf(bench, UNSIGNED, { smtpPort: sink.port }), [unsigned]);
    await makeSigningTransport(bench);
    return [...rows, ...compared(await casesOf(bench, SIGNED, {}), [signed])];
  } finally {
    await installation.stop();
    await sink.stop();
  }
}

interface Bench {
  installation: Installation;
  sink: SmtpSink;
  digestId: string;
  n: number;
}

async function casesOf(
  { installation, sink, digestId, n }: Bench,
  settings: Readonly<Record<string, Setting>>,
  route: WorkerOptions,
): Promise<Case[]> {
  const runs: Record<string, Measured[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { measure, isReceiving, ...worker }] of Object.entries(settings)) {
      await installation.api('PATCH', '/publication', { measure });
      const way = isReceiving ? { feedbackPort: await freePort() } : {};
      await installation.startWorkers({ connections: CONNECTIONS, ...route, ...worker, ...way });
      const edition = await makeEdition(installation, digestId, MESSAGE_KB);
      (runs[name] ??= []).push(await sendEdition(installation, sink, edition, n));
    }
  }
  return Object.entries(runs).map(([name, its]): Case => ({
    bench: 'feedback-cost',
    case: name,
    messageKb: MESSAGE_KB,
    connections: CONNECTIONS,
    ...medianOf(its),
  }));
}

/** Ed25519 costs a tenth of RSA: what comes on top shows. */
async function makeSigningTransport({ installation, sink }: Bench): Promise<void> {
  const { id } = await installation.api<{ id: string }>('POST', '/transports', {
    name: 'Signing',
    host: '127.0.0.1',
    port: sink.port,
    security: 'none',
    connections: CONNECTIONS,
  });
  await installation.api('POST', `/transports/${id}/dkim`, { algorithm: 'ed25519' });
}
