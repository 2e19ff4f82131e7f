import type { Database, Executor } from './database.js';
import { DEADLOCK, sqlState } from './errors.js';

/** Two that wait for each other's rows do so by chance: the next time one is through before the other. */
const TRIES = 3;

/** A transaction that is begun anew when the database ended it for a deadlock. So the work changes nothing but rows. */
export async function retryDeadlocks<T>(database: Database, work: (tx: Executor) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt === TRIES || sqlState(error) !== DEADLOCK) throw error;
    }
  }
}
