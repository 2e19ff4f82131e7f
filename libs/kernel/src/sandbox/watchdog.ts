import { Worker } from 'node:worker_threads';

/** Where in the shared memory the deadline stands, in ns of the monotonic clock (`process.hrtime`). 0: nothing runs. */
export const DEADLINE = 0;

/** Says by itself why a process was ended. Neither has a handler, and neither leaves a core behind, as SIGXCPU would. */
export const TIME_SIGNAL = 'SIGALRM';
export const MEMORY_SIGNAL = 'SIGVTALRM';

const MS = 1_000_000n; // in ns

/** What the thread is told when it starts. */
export interface Watch {
  cells: BigInt64Array;
  /** The id of the process that asked. */
  parent: number;
  /** Bytes that this process may have in memory. */
  residentBytes: number;
}

/** Ends this process when its task passes a limit, whatever the process is doing: see watchdog-thread.ts. */
export class Watchdog {
  private readonly cells = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));

  /** @param residentMb megabytes that this process may have in memory */
  constructor(residentMb: number) {
    const workerData: Watch = {
      cells: this.cells,
      parent: process.ppid,
      residentBytes: residentMb * 1_048_576,
    };
    new Worker(new URL('./watchdog-thread.js', import.meta.url), { workerData }).unref();
  }

  /** A task begins, and may take so long. @returns its deadline */
  watch(limitMs: number): bigint {
    const deadline = process.hrtime.bigint() + BigInt(Math.ceil(limitMs)) * MS;
    Atomics.store(this.cells, DEADLINE, deadline);
    Atomics.notify(this.cells, DEADLINE);
    return deadline;
  }

  /** The task with this deadline has ended; another may have begun since. */
  rest(deadline: bigint): void {
    Atomics.compareExchange(this.cells, DEADLINE, deadline, 0n);
  }
}
