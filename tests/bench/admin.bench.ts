import { makeDigest, makeEdition, underWay } from './edition.js';
import { Installation } from './installation.js';
import { addManyReaders } from './many-readers.js';
import { compared, type Case, type Row } from './results.js';
import type { Services } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const CONNECTIONS = 10;
const MESSAGE_KB = 10;
/** Calls of each page at rest, after some that are not counted. */
const CALLS = 25;
const WARM_UP = 3;

/** What a page of the desk asks for, by its name. */
interface Pages {
  past: string;
  going: string;
}

/** The calls of the API that pages make. */
const CALLS_OF: Record<string, (of: Pages) => string> = {
  editions: () => '/editions?limit=50',
  'edition, sent': ({ past }) => `/editions/${past}`,
  'edition, going out': ({ going }) => `/editions/${going}`,
  deliveries: ({ past }) => `/editions/${past}/deliveries?limit=50`,
  'deliveries, failed': ({ past }) => `/editions/${past}/deliveries?status=failed&limit=50`,
  'deliveries, of an address': ({ past }) => `/editions/${past}/deliveries?q=firm1234&limit=50`,
  'deliveries, going out': ({ going }) => `/editions/${going}/deliveries?status=accepted&limit=50`,
  outcomes: ({ going }) => `/editions/${going}/outcomes`,
  readers: () => '/subscribers?limit=50',
  'readers, counts': () => '/subscribers/counts',
  'readers, q=gmail': () => '/subscribers?q=gmail&limit=50',
  'readers, q of 50': () => '/subscribers?q=firm1234&limit=50',
  'readers, q of 3,000': () => '/subscribers?q=zoe%20nguyen&limit=50',
  'readers, q of nobody': () => '/subscribers?q=nobody-at-all&limit=50',
  'readers, two letters': () => '/subscribers?q=%D1%80%D0%B0&limit=50',
  'readers, two rare letters': () => '/subscribers?q=qx&limit=50',
  'readers, whole address': () => '/subscribers?q=desk50%40firm50.example&limit=50',
  'readers, bounced and q=gmail': () => '/subscribers?status=bounced&q=gmail&limit=50',
  'readers, complained and q of nobody': () => '/subscribers?status=complained&q=nobody&limit=50',
  'readers, of a digest in French': () => '/subscribers?digest=bench-10&locale=fr&limit=50',
  'readers, of an attribute': () => '/subscribers?attribute=city%3Ac420&limit=50',
  'stats of an edition': ({ past }) => `/stats/editions/${past}`,
};

/** Counted each time, as these pages did: without anything around it, the SQL alone. */
const COUNTED_EACH_TIME: Record<string, (of: Pages) => string> = {
  'edition, counted each time': ({ past }) => `
    SELECT count(*), count(*) FILTER (WHERE status = 'queued' AND attempts = 0), count(*) FILTER (WHERE status = 'claimed'),
      count(*) FILTER (WHERE status = 'accepted'), count(*) FILTER (WHERE status = 'queued' AND attempts > 0),
      count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'suppressed'),
      count(*) FILTER (WHERE status = 'expired'), count(*) FILTER (WHERE status = 'uncertain')
    FROM delivery WHERE edition_id = '${past}' GROUP BY edition_id`,
  'readers, counted each time': () => 'SELECT status, count(*) FROM subscriber GROUP BY status',
  'readers, looked through': () =>
    "SELECT id FROM subscriber WHERE email ILIKE '%firm1234%' OR name ILIKE '%firm1234%' ORDER BY id DESC LIMIT 51",
};

/**
 * The pages of the desk with n readers, and an edition to all of them in the ledger: at rest, and while an edition to a tenth of them is
 * going out to a sink, beside counts that are counted each time.
 */
export async function adminBench(services: Services, n: number): Promise<Row[]> {
  const sink = await SmtpSink.start();
  const installation = await Installation.start(services);
  try {
    const digestId = await makeDigest(installation, MESSAGE_KB);
    const past = await addManyReaders(installation, digestId, n);
    await installation.startWorkers({ connections: CONNECTIONS, smtpPort: sink.port });
    const { id: going } = await makeEdition(installation, digestId, MESSAGE_KB);
    const tasks = tasksOf(installation, { past, going });
    const atRest = await measure(tasks, async (task) => repeated(task, CALLS + WARM_UP));
    await installation.api('POST', `/editions/${going}/send`);
    while ((await underWay(installation, going)).status === 'preparing') await pause();
    const busy: Record<string, number[]> = {};
    while ((await underWay(installation, going)).status === 'sending') {
      for (const [name, times] of Object.entries(await measure(tasks, (task) => repeated(task, 1))))
        (busy[name] ??= []).push(...times);
    }
    const cases = Object.keys(tasks).map((name) =>
      caseOf(name, n, atRest[name]?.slice(WARM_UP) ?? [], busy[name] ?? []),
    );
    return compared(cases, ['edition, counted each time']);
  } finally {
    await installation.stop();
    await sink.stop();
  }
}

type Tasks = Record<string, () => Promise<unknown>>;

function tasksOf(installation: Installation, pages: Pages): Tasks {
  const calls = Object.entries(CALLS_OF).map(([name, path]) => [
    name,
    () => installation.api('GET', path(pages)),
  ]);
  const counts = Object.entries(COUNTED_EACH_TIME).map(([name, text]) => [
    name,
    () => installation.db.query(text(pages)),
  ]);
  return Object.fromEntries([...calls, ...counts]) as Tasks;
}

async function measure(tasks: Tasks, times: (task: () => Promise<unknown>) => Promise<number[]>) {
  const measured: Record<string, number[]> = {};
  for (const [name, task] of Object.entries(tasks)) measured[name] = await times(task);
  return measured;
}

async function repeated(task: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await task();
    times.push(performance.now() - from);
  }
  return times;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 25));

function caseOf(name: string, n: number, atRest: number[], busy: number[]): Case {
  const at = (times: number[], share: number) => {
    const sorted = [...times].sort((a, b) => a - b);
    return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
  };
  const mean = atRest.reduce((sum, time) => sum + time, 0) / Math.max(1, atRest.length);
  return {
    bench: 'admin',
    case: name,
    n,
    perSecond: 1000 / mean,
    cpuMsPerOp: 0,
    peakRssMb: 0,
    p50Ms: at(atRest, 0.5),
    p95Ms: at(atRest, 0.95),
    busyP50Ms: at(busy, 0.5),
    busyP95Ms: at(busy, 0.95),
    busyCalls: busy.length,
  };
}
