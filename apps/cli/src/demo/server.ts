import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CliError } from '../support/cli-error.js';

const MAIN = fileURLToPath(new URL('../../../standalone/src/main.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server of its own for the demo: embedded stores in a throw-away folder, mail into the built-in mailbox. */
export class DemoServer {
  readonly apiKey = randomBytes(24).toString('hex');
  readonly dataDir = mkdtempSync(join(tmpdir(), 'broadsheet-demo-'));
  url = '';
  private child: ChildProcess | undefined;

  async start(): Promise<void> {
    const port = await freePort();
    this.url = `http://localhost:${port}`;
    const output: string[] = [];
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: String(port),
        DATA_DIR: this.dataDir,
        OPERATOR_API_KEY: this.apiKey,
        MAIL_FROM: 'The Demo Gazette <news@demo.example>',
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (text: Buffer) => output.push(text.toString()));
    child.stderr.on('data', (text: Buffer) => output.push(text.toString()));
    for (const end = Date.now() + START_TIMEOUT_MS; ;) {
      await wait(100);
      if (child.exitCode !== null || Date.now() > end)
        throw new CliError(`The server did not start:\n${output.join('')}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
    }
  }

  /** @param keepFolder leave the data where it is */
  async stop(keepFolder = false): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null) {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    if (!keepFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
