import { Worker } from 'node:worker_threads';

/** Where in the shared memory the deadline stands, in ms since 1970. 0: nothing runs. */
export const DEADLINE = 0;

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
      ...{ cells: this.cells, parent: process.ppid, residentBytes: residentMb * 1_048_576 },
    };
    new Worker(new URL('./watchdog-thread.js', import.meta.url), { workerData }).unref();
  }

  /** A task begins, and may take so long. */
  watch(limitMs: number): void {
    Atomics.store(this.cells, DEADLINE, BigInt(Date.now() + Math.ceil(limitMs)));
    Atomics.notify(this.cells, DEADLINE);
  }

  /** It has ended. */
  rest(): void {
    Atomics.store(this.cells, DEADLINE, 0n);
  }
}
