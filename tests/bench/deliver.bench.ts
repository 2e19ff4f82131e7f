import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { benchArticle } from './articles.js';
import { withRatios, type Row } from './results.js';
import { SinkProcess } from './sink-process.js';
import { cpuMsOf, peakRssMbOf } from './usage.js';

const CONNECTIONS = 10;
const KEY = 'bench-key-bench-key-bench-key-bench-key';
const run = promisify(execFile);
const compiled = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Measured {
  perSecond: number;
  cpuMsPerOp: number;
  peakRssMb: number;
}

/** What a reader's mail of the bench edition looks like, for the baseline to send the same. */
interface Body {
  subject: string;
  html: string;
  text: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A running Broadsheet, web and worker in one process, on the run's own PostgreSQL and Redis. */
class Subject {
  private constructor(
    readonly pid: number,
    private readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(databaseUrl: string, redisUrl: string, smtpPort: number): Promise<Subject> {
    const port = await freePort();
    const dataDir = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
    const child = spawn(process.execPath, [compiled('../../apps/standalone/src/main.js')], {
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        DATA_DIR: dataDir,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        SMTP_URL: `smtp://127.0.0.1:${smtpPort}?starttls=off`,
        SMTP_CONNECTIONS: String(CONNECTIONS),
        APP_SECRET: 'bench-secret-bench-secret-bench-secret',
        OPERATOR_API_KEY: KEY,
        MAIL_FROM: 'The Bench <news@bench.example>',
        LOG_LEVEL: 'warn',
        NODE_ENV: 'production',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const subject = new Subject(child.pid as number, `http://127.0.0.1:${port}`, async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(dataDir, { recursive: true, force: true });
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error('the server did not start');
      if ((await fetch(`${subject.url}/readyz`).catch(() => undefined))?.ok) return subject;
      await wait(100);
    }
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${KEY}`,
        'Content-Type': typeof body === 'string' ? 'text/csv' : 'application/json',
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
  }

  stop(): Promise<void> {
    return this.end();
  }
}

/** Freeze to last outcome, as the operator's clock has it. */
async function measureEdition(
  subject: Subject,
  sink: SinkProcess,
  n: number,
): Promise<Measured & { body: Body }> {
  const digest = await subject.api<{ id: string }>('POST', '/digests', { name: 'Bench' });
  const csv = [
    'email,name',
    ...Array.from({ length: n }, (_, i) => `reader${i}@bench.example,Reader ${i}`),
  ].join('\n');
  await subject.api('POST', '/subscribers/import?source=bench&terms=accepted', `${csv}\n`);
  const articleIds = [];
  for (let i = 0; i < 3; i++)
    articleIds.push((await subject.api<{ id: string }>('POST', '/articles', benchArticle(i, 3))).id);
  const edition = await subject.api<{ id: string }>('POST', `/digests/${digest.id}/editions`, { articleIds });
  const html = await subject.api<string>('GET', `/editions/${edition.id}/preview?format=html`);
  const text = await subject.api<string>('GET', `/editions/${edition.id}/preview?format=text`);

  const cpuBefore = cpuMsOf(subject.pid);
  await subject.api('POST', `/editions/${edition.id}/send`);
  for (;;) {
    const now = await subject.api<{
      status: string;
      startedAt: string;
      finishedAt: string;
      counts: { accepted: number };
    }>('GET', `/editions/${edition.id}`);
    if (now.status === 'sent') {
      const seconds = (Date.parse(now.finishedAt) - Date.parse(now.startedAt)) / 1000;
      const taken = await sink.taken();
      if (now.counts.accepted !== n || taken !== n)
        throw new Error(`accepted ${now.counts.accepted}, taken ${taken}, wanted ${n}`);
      return {
        perSecond: n / seconds,
        cpuMsPerOp: (cpuMsOf(subject.pid) - cpuBefore) / n,
        peakRssMb: peakRssMbOf(subject.pid),
        body: { subject: 'Bench', html: asTemplate(html), text: asTemplate(text) },
      };
    }
    if (now.status !== 'preparing' && now.status !== 'sending')
      throw new Error(`the edition is ${now.status}`);
    await wait(50);
  }
}

/** The preview's dead links become the place of the baseline's own. */
const asTemplate = (text: string) =>
  text.replace(/http:\/\/[^\s"<]+\/unsubscribe\/preview/g, '{{unsubscribe}}');

async function freshDatabase(url: string): Promise<string> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  // The tests' server trades safety for speed; a benchmark may not.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await admin.query(`ALTER SYSTEM SET ${setting} = on`);
  await admin.query('SELECT pg_reload_conf()');
  const name = `bench_${Date.now()}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** n readers to an SMTP sink on this machine: Broadsheet end to end, against a nodemailer pool with sendMail. */
export async function deliverBench(n: number): Promise<Row[]> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  if (!TEST_DATABASE_URL || !TEST_REDIS_URL) throw new Error('Run it with: npm run bench');
  const sink = await SinkProcess.start();
  const subject = await Subject.start(await freshDatabase(TEST_DATABASE_URL), TEST_REDIS_URL, sink.port);
  let ours: Measured & { body: Body };
  try {
    ours = await measureEdition(subject, sink, n);
  } finally {
    await subject.stop();
  }
  const { stdout } = await run(
    process.execPath,
    [compiled('./nodemailer-loop.js'), String(sink.port), String(n), String(CONNECTIONS)],
    {
      env: { ...process.env, BENCH_BODY: JSON.stringify(ours.body) },
    },
  );
  sink.stop();
  const baseline = JSON.parse(stdout) as Measured;
  const row = (name: string, { perSecond, cpuMsPerOp, peakRssMb }: Measured) => ({
    bench: 'deliver',
    case: name,
    n,
    perSecond,
    cpuMsPerOp,
    peakRssMb,
  });
  return withRatios([row('nodemailer loop', baseline), row('broadsheet', ours)], 'nodemailer loop');
}
