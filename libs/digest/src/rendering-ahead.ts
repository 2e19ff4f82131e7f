import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Database, Executor } from '#database/database.js';

/** A transaction needs at most a compile and a few pages of lines for each language. */
const MOST_TURNS = 1_000;

/** What came of it; what failed fails again where the transaction needs it, which may know what to do. */
type Outcome = { value: unknown } | { error: unknown };

const made = new AsyncLocalStorage<Map<string, Outcome>>();

/** Leaves a transaction whose rendering is still to be done. */
class Missing extends Error {
  constructor(readonly render: () => Promise<void>) {
    super('Something is to be rendered first.');
  }
}

/**
 * Runs a transaction that needs something {@link rendered} without holding it open meanwhile: what is missing is rendered outside,
 * and the transaction is run again. The embedded database does nothing beside a transaction, and PostgreSQL has only so
 * many sessions, while an operator's template may take its whole time.
 * @param work may be run several times, so it changes nothing but in its transaction
 */
export async function renderingAhead<T>(
  database: Pick<Database, 'transaction'>,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  return made.run(new Map(), async () => {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      try {
        return await database.transaction(work);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        await error.render();
      }
    }
    throw new Error('A transaction asked for something else to be rendered each time.');
  });
}

/**
 * Renders something for a transaction: within {@link renderingAhead} before it, else right away.
 * @param of all that the result depends on, as JSON
 */
export async function rendered<T>(of: unknown, render: () => Promise<T>): Promise<T> {
  const known = made.getStore();
  if (!known) return render();
  const key = createHash('sha256').update(JSON.stringify(of)).digest('base64url');
  const outcome = known.get(key);
  if (!outcome) {
    throw new Missing(async () => {
      known.set(key, await outcomeOf(render));
    });
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value as T;
}

async function outcomeOf(render: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await render() };
  } catch (error) {
    return { error };
  }
}
