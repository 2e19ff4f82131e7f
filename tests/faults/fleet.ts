import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { startApp, type AppOptions, type AppProcess } from '../support/app-process.js';
import { emptyRedis } from '../support/redis.js';
import { makeStore } from '../support/stores.js';
import { TEST_SECRET } from '../support/test-config.js';
import { eventually } from '../support/wait-for.js';
import { CONNECTIONS, edition, type Edition } from './faults.harness.js';

export interface FleetOptions {
  smtpUrl: string;
  workers?: number;
  env?: Record<string, string>;
  /** All workers keep their journals in this folder; unset: each in its own. */
  dataDir?: string;
  /** A PostgreSQL of the test's own, to be stopped. */
  databaseUrl?: string;
}

/** A web process and workers, on PostgreSQL and Redis. */
export class Fleet {
  private constructor(
    readonly web: AppProcess,
    readonly workers: AppProcess[],
    private readonly redisUrl: string,
    private readonly workerOptions: AppOptions,
    private readonly removeDatabase: () => Promise<void>,
  ) {}

  static async start({ smtpUrl, workers = 2, env, dataDir, databaseUrl }: FleetOptions): Promise<Fleet> {
    const store = databaseUrl ? undefined : await makeStore('postgres');
    const redisUrl = await emptyRedis();
    const all = {
      DATABASE_URL: databaseUrl ?? store?.config.database.url ?? '',
      REDIS_URL: redisUrl,
      APP_SECRET: TEST_SECRET,
      SMTP_URL: smtpUrl,
      SMTP_CONNECTIONS: String(CONNECTIONS),
      ...env,
    };
    const web = await startApp({ app: 'web', env: all });
    const options = { app: 'worker', env: all, ...(dataDir === undefined ? {} : { dataDir }) } as const;
    const started = await Promise.all(Array.from({ length: workers }, () => startApp(options)));
    return new Fleet(web, started, redisUrl, options, () => store?.remove() ?? Promise.resolve());
  }

  /** One more, like the others. */
  async addWorker(): Promise<AppProcess> {
    const worker = await startApp(this.workerOptions);
    this.workers.push(worker);
    return worker;
  }

  /** What the clock of every process does each minute. */
  async tick(): Promise<void> {
    const connection = new Redis(this.redisUrl, { maxRetriesPerRequest: null });
    const clock = new Queue('clock', { connection, prefix: '{broadsheet}' });
    await clock.add('tick', {}, { removeOnComplete: true });
    await clock.close();
    connection.disconnect();
  }

  /** Resolves when an edition is sent, with more ticks than a minute has: what waits for the next one is not tried here. */
  untilSent(editionId: string, timeoutMs = 60_000): Promise<Edition> {
    return eventually(
      async () => {
        const now = await edition(this.web, editionId);
        if (now.status === 'sent') return now;
        await this.tick();
        return undefined;
      },
      { timeoutMs, everyMs: 1_000, what: 'the edition being sent' },
    );
  }

  /** Asks for a tick, and whether a worker has settled a claim of this edition yet. */
  async hasTakenOver(worker: AppProcess, editionId: string): Promise<boolean> {
    await this.tick();
    return worker.logs.some((line) => line.includes('took over') && line.includes(editionId));
  }

  async stop(): Promise<void> {
    await Promise.all([this.web, ...this.workers].map((app) => app.stop()));
    await this.removeDatabase();
  }
}
