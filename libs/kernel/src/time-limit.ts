import { createContext, Script } from 'node:vm';

const CALL = new Script('run()');

/**
 * Runs a function and stops it after a time, wherever it is: in a regular expression, or in a library's loop. It blocks
 * the process meanwhile. Of an async function, what follows its first `await` is not limited.
 * @returns what it returns; null: it was stopped
 * @throws what it throws
 */
export function withinTime<T>(milliseconds: number, run: () => T): T | null {
  try {
    return CALL.runInContext(createContext({ run }), { timeout: Math.max(1, Math.ceil(milliseconds)) }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}
