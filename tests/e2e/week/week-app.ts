import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startApp, type AppProcess } from '../../support/app-process.js';
import { freePort } from '../../support/free-port.js';
import { stopAfterTests } from '../../support/leftovers.js';
import { emptyRedis } from '../../support/redis.js';
import { ROOT } from '../../support/root.js';
import { makeStore, type DatabaseKind } from '../../support/stores.js';
import { TEST_SECRET } from '../../support/test-config.js';
import { eventually } from '../../support/wait-for.js';

/** More than these are never on the wire, so no kill leaves more in doubt. */
export const CONNECTIONS = 5;

/** The real application in a process of its own, whose clock is set from here. */
export class WeekApp {
  private constructor(
    readonly app: AppProcess,
    private readonly env: Record<string, string>,
    private readonly controlUrl: string,
  ) {}

  /** @param kind embedded: both stores; postgres: with Redis for the queue */
  static async start(kind: DatabaseKind, smtpUrl: string, at: number): Promise<WeekApp> {
    const store = kind === 'postgres' ? await makeStore(kind) : undefined;
    if (store) stopAfterTests(() => store.remove());
    const port = await freePort();
    const env: Record<string, string> = {
      NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, 'dist/tests/support/set-clock.js')).href}`,
      SET_CLOCK_PORT: String(port),
      SET_CLOCK_AT: new Date(at).toISOString(),
      SMTP_URL: smtpUrl,
      SMTP_CONNECTIONS: String(CONNECTIONS),
      MAIL_FROM: 'The Harbour Post <news@harbour.example>',
      FETCH_ALLOW: '127.0.0.1/32',
      APP_SECRET: TEST_SECRET,
      ...(store ? { DATABASE_URL: store.config.database.url ?? '', REDIS_URL: await emptyRedis() } : {}),
    };
    const app = await startApp({ env, startTimeoutMs: 180_000 });
    const week = new WeekApp(app, env, `http://127.0.0.1:${port}`);
    await week.isListening();
    return week;
  }

  /** Sets the clock. @param tick and does what is due then; resolves when nothing is left to be done */
  async at(at: number, tick: boolean): Promise<void> {
    await this.tell({ at: new Date(at).toISOString(), tick });
  }

  rows<T>(query: string): Promise<T[]> {
    return this.tell({ query }) as Promise<T[]>;
  }

  /** An operator's request. @throws Error when it is refused */
  async operator<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.app.api<T>(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Starts it again at an instant, after ending it if it still runs. */
  async restart(at: number, signal: NodeJS.Signals): Promise<void> {
    this.env.SET_CLOCK_AT = new Date(at).toISOString();
    await this.app.restart(signal);
    await this.isListening();
  }

  stop(): Promise<void> {
    return this.app.stop();
  }

  private async isListening(): Promise<void> {
    await eventually(async () => Boolean(await this.tell({})), { timeoutMs: 30_000, what: 'a clock to set' });
  }

  private async tell(body: object): Promise<unknown> {
    const response = await fetch(this.controlUrl, { method: 'POST', body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${text}\n${this.app.logs.slice(-20).join('\n')}`);
    return JSON.parse(text);
  }
}
