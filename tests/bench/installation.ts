import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/wait-for.js';
import { compiled, Watched } from './processes.js';
import { forgetJobs, freshDatabase, type Services } from './services.js';

const KEY = 'bench-key-bench-key-bench-key-bench-key';

export interface WorkerOptions {
  /** Processes. */
  count?: number;
  /** SMTP connections of each of them. */
  connections?: number;
  /** Left out: they send over the transports that the API has made, and no other. */
  smtpPort?: number;
  /** Gives each message a return path of its own. */
  bounceAddress?: string;
  /** Takes what comes back there. */
  feedbackPort?: number;
}

/** Broadsheet as in production: a web process and workers of its own, on a database of its own. */
export class Installation {
  workers: Watched[] = [];

  private constructor(
    readonly db: pg.Client,
    readonly url: string,
    readonly web: Watched,
    private readonly env: NodeJS.ProcessEnv,
    private readonly folder: string,
  ) {}

  static async start(services: Services): Promise<Installation> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
    const database = await freshDatabase(services);
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATA_DIR: folder,
      DATABASE_URL: database,
      REDIS_URL: services.redisUrl,
      SMTP_URL: 'smtp://127.0.0.1:1?starttls=off', // nothing is sent before the workers are told where
      APP_SECRET: 'bench-secret-bench-secret-bench-secret',
      OPERATOR_API_KEY: KEY,
      MAIL_FROM: 'The Bench <news@bench.example>',
      LOG_LEVEL: 'warn',
      SIGNUP_RATE: '0',
      NODE_ENV: 'production',
    };
    const web = startNode('../../apps/web/src/main.js', env, 'web');
    const url = `http://127.0.0.1:${port}`;
    await untilReady(web, url);
    const db = new pg.Client({ connectionString: database });
    await db.connect();
    return new Installation(db, url, web, env, folder);
  }

  /** Starts workers in place of those there were. */
  async startWorkers(options: WorkerOptions = {}): Promise<void> {
    const { count = 1, connections = 10, smtpPort, bounceAddress, feedbackPort } = options;
    await this.stopWorkers();
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    this.workers = ports.map((port) =>
      startNode(
        '../../apps/worker/src/main.js',
        {
          ...this.env,
          WORKER_PORT: String(port),
          SMTP_URL: smtpPort === undefined ? undefined : `smtp://127.0.0.1:${smtpPort}?starttls=off`,
          SMTP_CONNECTIONS: String(connections),
          BOUNCE_ADDRESS: bounceAddress,
          FEEDBACK_SMTP_PORT: feedbackPort === undefined ? undefined : String(feedbackPort),
        },
        'worker',
      ),
    );
    await Promise.all(
      this.workers.map((worker, i) => untilReady(worker, `http://127.0.0.1:${ports[i] as number}`)),
    );
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    this.workers = [];
  }

  /** A request to the operator API. @throws Error when the answer is no success */
  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
  }

  /** CPU of the product's own processes so far, in milliseconds: web, workers, and the children that compile for them. */
  get cpuMs(): number {
    return [this.web, ...this.workers].reduce((sum, process) => sum + process.cpuMs, 0);
  }

  /** Memory of the largest of the workers at its largest, in MB; what compiles for it has its own. */
  get peakRssMb(): number {
    return Math.max(...this.workers.map((worker) => worker.peakRssMb));
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.web.stop();
    await this.db.end();
    await forgetJobs(this.env['REDIS_URL'] as string);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `BENCH_WORKER_FLAGS` are Node's flags for the workers, to look into them: `--cpu-prof --cpu-prof-dir=/tmp/profile`. */
function startNode(module: string, env: NodeJS.ProcessEnv, role: 'web' | 'worker'): Watched {
  const flags = (role === 'worker' && process.env['BENCH_WORKER_FLAGS']?.split(' ')) || [];
  const usual = ['--min-semi-space-size=16', '--max-semi-space-size=16']; // as `npm run start:worker` has it
  return Watched.start(process.execPath, [...usual, ...flags.filter(Boolean), compiled(module)], env);
}

async function untilReady(process: Watched, url: string): Promise<void> {
  await eventually(() => process.pid > 0 && fetch(`${url}/readyz`).then((answer) => answer.ok), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: `${url}/readyz`,
  });
}
