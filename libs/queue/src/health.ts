import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { JobQueue } from './job-queue.js';

export interface Readiness {
  ready: boolean;
  stores: Record<'database' | 'queue', 'ok' | 'down'>;
}

async function answers(ping: () => Promise<void>): Promise<'ok' | 'down'> {
  try {
    await ping();
    return 'ok';
  } catch {
    return 'down';
  }
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
