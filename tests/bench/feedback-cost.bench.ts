import { makeDigest, makeEdition, sendEdition } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, medianOf, type Case, type Measured, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const CONNECTIONS = 10;
const MESSAGE_KB = 10;
/** Rounds; the middle one counts. What is looked for is smaller than what one noisy minute does. */
const ROUNDS = 5;
const BOUNCE_ADDRESS = 'bounces@news.bench.example';

/** As before there was any feedback, and what it adds. */
const CASES = {
  'no feedback': { measure: 'none' },
  'return paths': { measure: 'none', bounceAddress: BOUNCE_ADDRESS },
  'click totals': { measure: 'totals' },
  'both of them': { measure: 'totals', bounceAddress: BOUNCE_ADDRESS },
} as const;
const BEFORE = 'no feedback';

/**
 * What a return path of each message's own and links that are counted cost an edition to n readers, in turns, each with a worker
 * just started.
 */
export async function feedbackCostBench(services: Services, n: number): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  try {
    const digestId = await makeDigest(installation, MESSAGE_KB);
    await addReaders(installation, [digestId], n);
    const runs: Record<string, Measured[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, { measure, ...worker }] of Object.entries(CASES)) {
        await installation.api('PATCH', '/publication', { measure });
        await installation.startWorkers({ connections: CONNECTIONS, smtpPort: sink.port, ...worker });
        const edition = await makeEdition(installation, digestId, MESSAGE_KB);
        (runs[name] ??= []).push(await sendEdition(installation, sink, edition, n));
      }
    }
    const cases = Object.entries(runs).map(([name, its]): Case => ({
      bench: 'feedback-cost',
      case: name,
      messageKb: MESSAGE_KB,
      connections: CONNECTIONS,
      ...medianOf(its),
    }));
    return compared(cases, [BEFORE]);
  } finally {
    await installation.stop();
    await sink.stop();
  }
}
