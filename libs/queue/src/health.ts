import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { JobQueue } from './jobs/job-queue.js';

export interface Readiness {
  ready: boolean;
  stores: Record<'database' | 'queue', 'ok' | 'down'>;
}

/** A store that takes longer is down to whoever asks; a host that is gone would otherwise never be answered about. */
const ANSWER_TIMEOUT_MS = 3_000;

async function answers(ping: () => Promise<void>): Promise<'ok' | 'down'> {
  const late = new AbortController();
  const timeUp = wait(ANSWER_TIMEOUT_MS, 'down' as const, { signal: late.signal }).catch(
    () => 'down' as const,
  );
  const answer = ping().then(
    () => 'ok' as const,
    () => 'down' as const,
  );
  const first = await Promise.race([answer, timeUp]);
  late.abort();
  return first;
}

/** Whether the stores answer. */
@Injectable()
export class Health {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
  ) {}

  async check(): Promise<Readiness> {
    const [database, queue] = await Promise.all([
      answers(() => this.database.ping()),
      answers(() => this.queue.ping()),
    ]);
    return { ready: database === 'ok' && queue === 'ok', stores: { database, queue } };
  }
}
