import { makeDigest, makeEdition, sendEdition } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, type Case, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const COUNTS = [1, 2, 4];
const CONNECTIONS = 10;

/** The same edition with 1, 2 and 4 worker processes, each with its own 10 connections. */
export async function workersBench(services: Services, n: number): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  const cases: Case[] = [];
  try {
    const digestId = await makeDigest(installation, 10);
    await addReaders(installation, [digestId], n);
    for (const workers of COUNTS) {
      await installation.startWorkers({ count: workers, connections: CONNECTIONS, smtpPort: sink.port });
      const edition = await makeEdition(installation, digestId, 10);
      cases.push({
        bench: 'workers',
        case: workers === 1 ? '1 worker' : `${workers} workers`,
        messageKb: 10,
        connections: CONNECTIONS * workers,
        workers,
        ...(await sendEdition(installation, sink, edition, n)),
      });
    }
  } finally {
    await installation.stop();
    await sink.stop();
  }
  return compared(cases, ['1 worker']);
}
