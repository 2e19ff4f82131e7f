import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './binaries.js';
import { endChild, type Exit } from './child.js';
import { makeFolder } from './folders.js';
import { freePort } from './free-port.js';
import { stopAfterTests } from './leftovers.js';
import { eventually, NeverError } from './wait-for.js';
import pg from 'pg';

/** A PostgreSQL server of a test's own, to be stopped and started at will. What it has committed survives its process. */
export class TestPostgres {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly owner: { uid?: number; gid?: number },
    private readonly removeFolder: () => Promise<void>,
  ) {}

  /** @returns it, answering, with an empty database. It is stopped after the tests of the file. */
  static async start(): Promise<TestPostgres> {
    const folder = await makeFolder();
    const owner = unprivileged();
    if (owner.uid !== undefined) chownSync(folder.path, owner.uid, owner.gid ?? owner.uid);
    const postgres = new TestPostgres(await freePort(), join(folder.path, 'data'), owner, folder.remove);
    stopAfterTests(() => postgres.stop());
    const plain = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    const options = { ...owner, cwd: '/', stdio: 'ignore' } as const;
    execFileSync(findProgram('initdb'), ['-D', postgres.folder, ...plain], options);
    await postgres.restart();
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Ends it at once, as an immediate shutdown does: no client is told, nothing is tidied up. */
  kill(): Promise<Exit> {
    return this.child ? endChild(this.child, 'SIGQUIT') : Promise.resolve({ code: null, signal: null });
  }

  /** Starts it again after a {@link kill}, on the same port. */
  async restart(): Promise<void> {
    await this.kill();
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off', // the kernel keeps what a dead process wrote; synchronous_commit must stay on for that
      'dynamic_shared_memory_type=mmap',
    ];
    const args = ['-D', this.folder, '-p', String(this.port), ...settings.flatMap((one) => ['-c', one])];
    const child = spawn(findProgram('postgres'), args, { ...this.owner, cwd: '/', stdio: 'ignore' });
    this.child = child;
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new NeverError(`postgres ended with ${child.exitCode}`);
        const client = new pg.Client({ connectionString: this.url });
        client.on('error', () => undefined); // also thrown by the query, where it is seen
        try {
          await client.connect();
          await client.query('SELECT 1');
        } finally {
          await client.end();
        }
        return true;
      },
      { timeoutMs: 60_000, everyMs: 100, what: 'an answer from postgres' },
    );
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.removeFolder();
  }
}

/** Whom PostgreSQL runs as: it refuses to be root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
