import { runBaseline } from './baseline-process.js';
import { makeDigest, makeEdition, sendEdition, type MessageKb } from './edition.js';
import { Installation } from './installation.js';
import { addReaders } from './readers.js';
import { compared, medianOf, type Case, type Measured, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';
import { runSmtpSource } from './smtp-source.js';

/** The slow baselines get fewer messages: their rate is the same however many there are. */
export const MOST_OF_BASELINE: Record<MessageKb, number> = { 10: 3_000, 60: 1_500, 100: 1_000 };
/** Rounds of the cell the aims are about; its middle one counts. */
const ROUNDS_OF_AIMS = 3;

export interface Cell {
  messageKb: MessageKb;
  connections: number;
  rounds: number;
}

/** The cell of the aims. */
export const AIMED: Cell = { messageKb: 10, connections: 10, rounds: ROUNDS_OF_AIMS };
export const ALL_CELLS: readonly Cell[] = ([10, 60] as const).flatMap((messageKb) =>
  [1, 10, 20].map((connections) =>
    messageKb === AIMED.messageKb && connections === AIMED.connections
      ? AIMED
      : { messageKb, connections, rounds: 1 },
  ),
);

/**
 * n readers to an SMTP sink on this machine. Broadsheet end to end, from the freeze to the last outcome in the ledger,
 * between the wire and two ways to send mail with nodemailer.
 */
export async function deliverBench(
  services: Services,
  n: number,
  cells: readonly Cell[] = ALL_CELLS,
): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  try {
    const digests = new Map<MessageKb, string>();
    for (const messageKb of new Set(cells.map((cell) => cell.messageKb)))
      digests.set(messageKb, await makeDigest(installation, messageKb));
    await addReaders(installation, [...digests.values()], n);
    const rows: Row[] = [];
    for (const cell of cells) {
      const digestId = digests.get(cell.messageKb) as string;
      rows.push(...(await measureCell({ services, installation, sink, digestId, n, cell })));
    }
    return rows;
  } finally {
    await installation.stop();
    await sink.stop();
  }
}

interface Bench {
  services: Services;
  installation: Installation;
  sink: SmtpSink;
  digestId: string;
  n: number;
  cell: Cell;
}

/** Subject and baselines in turns, so that a noisy minute hits them all. */
async function measureCell(bench: Bench): Promise<Row[]> {
  const { services, installation, sink, digestId, n, cell } = bench;
  const { messageKb, connections, rounds } = cell;
  const runs: Record<string, Measured[]> = {};
  for (let round = 0; round < rounds; round++) {
    await installation.startWorkers({ connections, smtpPort: sink.port });
    const edition = await makeEdition(installation, digestId, messageKb);
    const { size, ...mail } = edition.sample;
    const task = {
      n: Math.min(n, MOST_OF_BASELINE[messageKb]),
      connections,
      smtpPort: sink.port,
      redisUrl: services.redisUrl,
      mail,
    };
    const measures: Record<string, () => Promise<Measured>> = {
      'smtp-source': () => runSmtpSource(sink.port, { n, connections, size }),
      'sendMail pool': () => runBaseline('./sendmail-pool.js', task),
      'job per reader': () => runBaseline('./job-per-reader.js', task),
      broadsheet: () => sendEdition(installation, sink, edition, n),
    };
    for (const [name, measure] of Object.entries(measures)) (runs[name] ??= []).push(await measure());
  }
  const cases = Object.entries(runs).map(([name, its]): Case => ({
    bench: 'deliver',
    case: name,
    messageKb,
    connections,
    ...medianOf(its),
  }));
  return compared(
    cases,
    Object.keys(runs).filter((name) => name !== 'broadsheet'),
  );
}
