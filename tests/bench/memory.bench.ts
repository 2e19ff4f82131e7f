import { makeDigest, makeEdition, sendEdition } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, type Case, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const CONNECTIONS = 10;
const SMALLEST = 10_000;

/** The same edition to more and more readers, each time by a new worker: what grows with the audience, and what does not. */
export async function memoryBench(services: Services, most: number): Promise<Row[]> {
  const cases: Case[] = [];
  for (const n of [...new Set([Math.min(SMALLEST, most), most])]) {
    const sink = await SmtpSink.start();
    const installation = await Installation.start(services);
    try {
      const digestId = await makeDigest(installation, 10);
      await addReaders(installation, [digestId], n);
      await installation.startWorkers({ connections: CONNECTIONS, smtpPort: sink.port });
      const edition = await makeEdition(installation, digestId, 10);
      cases.push({
        bench: 'memory',
        case: `${n.toLocaleString('en')} readers`,
        messageKb: 10,
        connections: CONNECTIONS,
        workers: 1,
        ...(await sendEdition(installation, sink, edition, n)),
      });
    } finally {
      await installation.stop();
      await sink.stop();
    }
  }
  return compared(
    cases,
    cases.slice(0, 1).map((one) => one.case),
  );
}
