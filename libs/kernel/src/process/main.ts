import type { Config } from '../config/config.js';
import { EnvironmentError } from '../config/environment.js';
import { DomainError, inWords } from '../errors/errors.js';
import type { Log } from '../observing/logger.js';
import { keepHeapSmall } from './small-heap.js';

export interface Running {
  close(): Promise<void>;
  config: Config;
  log: Log;
}

/** Past SHUTDOWN_TIMEOUT the parts have given up waiting; this much more lets them close their stores. */
const LAST_GRACE_MS = 5_000;

/** Under npm a Ctrl-C comes twice, from the terminal and from npm: what follows so closely is the same wish. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a process: starts it, says clearly why it could not, and ends it on SIGTERM or SIGINT: work in flight is
 * finished, exit code 0. A second signal ends it at once.
 */
export async function run(start: () => Promise<Running>): Promise<void> {
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    running.log.info('stopping: finishing what is in flight', { signal });
    setTimeout(() => {
      running.log.warn('not everything finished in time; what is left is taken up at the next start');
      process.exit(1);
    }, running.config.shutdownTimeoutMs + LAST_GRACE_MS).unref();
    running.close().then(
      () => {
        running.log.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        running.log.error('the shutdown failed', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  keepHeapSmall();
}

/** Why something could not start, in words for the person at the terminal: without a stack where they can mend it. */
export function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof DomainError) return inWords(error);
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return `The port is in use: ${error.message}. Choose another: PORT=3001`;
  return ['Error', 'CliError', 'FolderLockedError'].includes(error.name)
    ? error.message
    : (error.stack ?? error.message);
}
