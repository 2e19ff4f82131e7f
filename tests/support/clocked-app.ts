import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startApp, type AppProcess } from './app-process.js';
import { freePort } from './free-port.js';
import { ROOT } from './root.js';
import { eventually } from './wait-for.js';

/** The real application in a process of its own, whose clock is set from here. */
export class ClockedApp {
  private constructor(
    readonly app: AppProcess,
    private readonly env: Record<string, string>,
    private readonly controlUrl: string,
  ) {}

  /** @param at what its clock shows, and goes on showing until it is set */
  static async start(at: number, more: Record<string, string> = {}): Promise<ClockedApp> {
    const port = await freePort();
    const env: Record<string, string> = {
      NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, 'dist/tests/support/set-clock.js')).href}`,
      SET_CLOCK_PORT: String(port),
      SET_CLOCK_AT: new Date(at).toISOString(),
      ...more,
    };
    const app = await startApp({ env, startTimeoutMs: 180_000 });
    const clocked = new ClockedApp(app, env, `http://127.0.0.1:${port}`);
    await clocked.isListening();
    return clocked;
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
