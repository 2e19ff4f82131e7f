import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Database, Executor } from './database.js';

/** A transaction needs some renderings for each language, or one for each article. */
const MOST_TURNS = 1_000;

/** What came of it; what failed fails again where the transaction needs it, which may know what to do. */
type Outcome = { value: unknown } | { error: unknown };

const made = new AsyncLocalStorage<Map<string, Outcome>>();

/** Leaves a transaction of which something is still to be made. */
class Missing extends Error {
  constructor(readonly make: () => Promise<void>) {
    super('Something is to be made first.');
  }
}

/**
 * Runs a transaction that needs something {@link prepared} without holding it open meanwhile: what is missing is made outside,
 * and the transaction is run again. The embedded database does nothing beside a transaction, and PostgreSQL has only so
 * many sessions, while a template or a story from outside may take its whole time.
 * @param work may be run several times, so it changes nothing but in its transaction
 */
export async function preparedTransaction<T>(
  database: Pick<Database, 'transaction'>,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  return made.run(new Map(), async () => {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      try {
        return await database.transaction(work);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        await error.make();
      }
    }
    throw new Error('A transaction asked for something else to be made each time.');
  });
}

/**
 * Runs a transaction that renders, once if that can be. On the embedded database nothing is rendered while it is open, see
 * {@link preparedTransaction}: it does nothing else meanwhile. On PostgreSQL, where it does, a million readers are rather not chosen
 * a second time.
 */
export function inOneGo<T>(
  database: Pick<Database, 'kind' | 'transaction'>,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  return database.kind === 'embedded' ? preparedTransaction(database, work) : database.transaction(work);
}

/**
 * Makes something for a transaction: within {@link preparedTransaction} before it, else right away.
 * @param of all that the result depends on, as JSON
 */
export async function prepared<T>(of: unknown, make: () => Promise<T>): Promise<T> {
  const known = made.getStore();
  if (!known) return make();
  const key = createHash('sha256').update(JSON.stringify(of)).digest('base64url');
  const outcome = known.get(key);
  if (!outcome) {
    throw new Missing(async () => {
      known.set(key, await outcomeOf(make));
    });
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value as T;
}

async function outcomeOf(make: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await make() };
  } catch (error) {
    return { error };
  }
}
