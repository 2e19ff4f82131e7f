import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { endChild, exitOf, type Exit } from './child.js';
import { freePort } from './free-port.js';
import { stopAfterTests } from './leftovers.js';
import { ROOT } from './root.js';
import { insistOnContract } from './open-api.js';
import { embeddedTemplate } from './stores.js';
import { makeFolder } from './folders.js';
import { eventually, NeverError } from './wait-for.js';

export type AppName = 'standalone' | 'web' | 'worker';

export interface AppOptions {
  app?: AppName;
  /** Variables on top of the test's own; undefined takes one away. */
  env?: Record<string, string | undefined>;
  /** An existing folder, which is then kept; unset: a new one, removed at the end. */
  dataDir?: string;
  /** It finds an empty folder, as at a user's. Others get a database that was made before, which saves four seconds. */
  fromNothing?: boolean;
  /**
   * When it counts as started: `/readyz` answers 200 (web, standalone), or a line of its output matches (the default
   * of the worker is /ready/i).
   */
  readyWhen?: 'readyz' | RegExp;
  /** Milliseconds it may take to start. A first start makes the embedded database, which takes seconds. */
  startTimeoutMs?: number;
}

export interface ApiAnswer<T> {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON; undefined when there is none. */
  body: T;
}

const nothing = () => Promise.resolve();

/** The real application in a process of its own, seen from outside only. */
export class AppProcess {
  /** Every line it has written, on either stream, since its first start. */
  readonly logs: string[] = [];
  private child: ChildProcess | undefined;
  private startedAt = 0;

  private constructor(
    private readonly options: AppOptions,
    readonly port: number,
    readonly dataDir: string,
    readonly apiKey: string,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  static async start(options: AppOptions = {}): Promise<AppProcess> {
    const folder =
      options.dataDir === undefined ? await makeFolder() : { path: options.dataDir, remove: nothing };
    const apiKey = options.env?.OPERATOR_API_KEY ?? randomBytes(24).toString('hex');
    const app = new AppProcess(options, await freePort(), folder.path, apiKey, folder.remove);
    stopAfterTests(() => app.stop());
    await app.furnish();
    await app.launch();
    return app;
  }

  /** Of the site, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid as number;
  }

  /** A request to the site. Redirects are answers, not followed. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.url), { redirect: 'manual', ...init });
  }

  /**
   * A request to the operator API with the owner's key: `api('POST', '/articles', {…})`.
   * @throws Error when the answer is not as the OpenAPI document says
   */
  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<T>> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.apiKey}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.fetch(`/api/v1${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    const parsed: unknown = isJson ? JSON.parse(text) : text || undefined;
    const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
    const answer = { status: response.status, mediaType, body: parsed };
    if (isJson) await insistOnContract(this.url, { method, path }, answer);
    return { status: response.status, headers: response.headers, body: parsed as T };
  }

  /** Sends a signal that does not end it: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return endChild(this.child as ChildProcess, signal);
  }

  /** Resolves when it ends by itself. */
  exited(): Promise<Exit> {
    return exitOf(this.child as ChildProcess);
  }

  /** Starts it again on the same port, folder and key, after ending it if it still runs. Waits until it is ready. */
  async restart(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.kill(signal);
    await this.launch();
  }

  /** Ends it at once and removes its folder. */
  async stop(): Promise<void> {
    if (this.child) await this.kill();
    await this.removeFolder();
  }

  /** Puts an empty database where the app would make one. */
  private async furnish(): Promise<void> {
    const { app = 'standalone', env, dataDir, fromNothing } = this.options;
    if (app !== 'standalone' || env?.DATABASE_URL || dataDir !== undefined || fromNothing) return;
    cpSync(await embeddedTemplate(), this.dataDir, { recursive: true });
  }

  private async launch(): Promise<void> {
    const script = join(ROOT, 'scripts/start.mjs');
    const child = spawn(process.execPath, [script, this.options.app ?? 'standalone'], {
      cwd: ROOT,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.startedAt = this.logs.length;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.logs.push(line));
    }
    try {
      await eventually(() => this.isReady(), {
        timeoutMs: this.options.startTimeoutMs ?? 60_000,
        everyMs: 50,
      });
    } catch (error) {
      await this.kill();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The app did not start: ${reason}\n${this.logs.slice(-40).join('\n')}`, {
        cause: error,
      });
    }
  }

  private async isReady(): Promise<boolean> {
    const child = this.child as ChildProcess;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new NeverError(`it ended with ${child.exitCode ?? String(child.signalCode)}`);
    }
    const when = this.options.readyWhen ?? (this.options.app === 'worker' ? /ready/i : 'readyz');
    if (when !== 'readyz') return this.logs.slice(this.startedAt).some((line) => when.test(line));
    return (await this.fetch('/readyz')).status === 200;
  }

  private environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, TMPDIR } = process.env; // nothing else: a developer's own SMTP_URL must never be used
    const env: NodeJS.ProcessEnv = {
      PATH,
      HOME,
      TMPDIR,
      PORT: String(this.port),
      HOST: '127.0.0.1',
      BASE_URL: this.url,
      DATA_DIR: this.dataDir,
      OPERATOR_API_KEY: this.apiKey,
      LOG_FORMAT: 'json',
      SIGNUP_RATE: '0',
      DNS_SERVERS: '127.0.0.1:1', // nobody is there: no test asks the world
      ...this.options.env,
    };
    return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  }
}

/** Starts the real application and waits until it is ready. It is killed after the tests of the file. */
export function startApp(options: AppOptions = {}): Promise<AppProcess> {
  return AppProcess.start(options);
}
