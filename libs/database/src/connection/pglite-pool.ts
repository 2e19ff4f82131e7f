import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import type { PoolLike } from '../pool-like.js';

type Listener = (message: { channel: string; payload: string }) => void;

/** One "connection" to the single session: LISTEN is turned into PGlite's own subscription. */
class PgliteClient extends EventEmitter {
  private readonly unlisten = new Map<string, () => Promise<void>>();

  constructor(private readonly pglite: PGlite) {
    super();
  }

  async query(text: string, params: readonly unknown[] = []) {
    const listen = /^(?:\s|--.*\n)*(UN)?LISTEN\s+"?(\w+|\*)"?/i.exec(text);
    if (listen?.[2]) {
      await (listen[1] ? this.stopListening(listen[2]) : this.startListening(listen[2]));
      return { rows: [], rowCount: 0 };
    }
    return runQuery(this.pglite, text, params);
  }

  private async startListening(channel: string): Promise<void> {
    if (this.unlisten.has(channel)) return;
    const deliver: Listener = (message) => this.emit('notification', message);
    this.unlisten.set(channel, await this.pglite.listen(channel, (payload) => deliver({ channel, payload })));
  }

  private async stopListening(channel: string): Promise<void> {
    const channels = channel === '*' ? [...this.unlisten.keys()] : [channel];
    for (const name of channels) {
      await this.unlisten.get(name)?.();
      this.unlisten.delete(name);
    }
  }

  release(): void {
    if (!this.pglite.closed) {
      this.stopListening('*').catch(() => {
        // The session ends with the database; a subscription on it is gone either way.
      });
    }
  }
}

async function runQuery(pglite: PGlite, text: string, params: readonly unknown[]) {
  if (params.length === 0 && /;\s*\S/.test(text)) {
    const results = await pglite.exec(text); // several statements: BullMQ's migrations
    const last = results.at(-1);
    return { rows: (last?.rows ?? []) as Record<string, unknown>[], rowCount: last?.affectedRows ?? 0 };
  }
  const result = await pglite.query<Record<string, unknown>>(text, [...params]);
  return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
}

/**
 * Gives PGlite the shape of a `pg.Pool`. PGlite has one session, so every "client" shares it; BullMQ opens a
 * transaction of its own only in its migrations, which run before anything else does.
 */
export function pgliteAsPool(pglite: PGlite): PoolLike {
  // Every queue and every worker listens for errors, and there are more than ten of them.
  const pool = new EventEmitter().setMaxListeners(0) as EventEmitter & PoolLike;
  pool.query = (text, params = []) => runQuery(pglite, text, params);
  pool.connect = () => Promise.resolve(new PgliteClient(pglite));
  pool.end = () => Promise.resolve();
  return pool;
}
