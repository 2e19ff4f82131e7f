import { performance } from 'node:perf_hooks';

/** How long a lane waits at most before it looks again whether anything may be begun at all. */
const LOOK_EVERY_MS = 200;

/** Rows that share a limit. */
export interface DepartureGroup<Row> {
  rows: Row[];
  /** When the first may leave, milliseconds from now, and how far apart the others. */
  firstInMs: number;
  everyMs: number;
  /** So many on their way at one time. */
  atOneTime: number;
}

interface Queue<Row> {
  rows: Row[];
  nextAt: number;
  everyMs: number;
  room: number;
}

/**
 * Decides which of a claim's rows leaves next, and when: each group keeps its own rate and room, and all together
 * keep the transport's.
 */
export class Departures<Row> {
  private readonly queues: Queue<Row>[];
  private readonly queueOf = new Map<Row, Queue<Row>>();
  private nextAt: number;
  private waiters: (() => void)[] = [];

  /** @param all the timetable of all groups together */
  constructor(
    groups: readonly DepartureGroup<Row>[],
    private readonly all: { firstInMs: number; everyMs: number } = { firstInMs: 0, everyMs: 0 },
    private readonly now: () => number = () => performance.now(),
  ) {
    const start = now();
    this.nextAt = start + all.firstInMs;
    this.queues = groups.map(({ rows, firstInMs, everyMs, atOneTime }) => ({
      rows: [...rows].reverse(),
      nextAt: start + firstInMs,
      everyMs,
      room: atOneTime,
    }));
  }

  /** Rows that have not left. */
  get waiting(): number {
    return this.queues.reduce((sum, queue) => sum + queue.rows.length, 0);
  }

  /** The row that may leave at this moment, if there is one. It is to be given to {@link arrived}. */
  takeNow(): Row | undefined {
    const now = this.now();
    const queue = now >= this.nextAt ? this.ready(now) : undefined;
    return queue && this.take(queue, now);
  }

  /**
   * Resolves with the row that may leave now, or with nothing when none is left or `isOver`. A row that was taken is
   * to be given to {@link arrived}.
   */
  async next(isOver: () => boolean): Promise<Row | undefined> {
    for (;;) {
      if (isOver() || this.waiting === 0) return undefined;
      const row = this.takeNow();
      if (row) return row;
      await this.pause(this.now());
    }
  }

  /** The row's message has an outcome: its place is free for another of its group. */
  arrived(row: Row): void {
    const queue = this.queueOf.get(row);
    if (!queue) return;
    this.queueOf.delete(row);
    queue.room += 1;
    this.wakeAll();
  }

  /** The row did not leave after all, and waits again. */
  putBack(row: Row): void {
    const queue = this.queueOf.get(row);
    if (!queue) return;
    queue.rows.push(row);
    this.arrived(row);
  }

  /** Takes out what waits and is like that. @returns the rows that will not leave */
  dismiss(isLikeThat: (row: Row) => boolean): Row[] {
    const dismissed: Row[] = [];
    for (const queue of this.queues) {
      dismissed.push(...queue.rows.filter(isLikeThat));
      queue.rows = queue.rows.filter((row) => !isLikeThat(row));
    }
    this.wakeAll();
    return dismissed;
  }

  private ready(now: number): Queue<Row> | undefined {
    for (const queue of this.queues) {
      if (queue.rows.length > 0 && queue.room > 0 && queue.nextAt <= now) return queue;
    }
    return undefined;
  }

  private take(queue: Queue<Row>, now: number): Row {
    const row = queue.rows.pop() as Row;
    this.queueOf.set(row, queue);
    queue.room -= 1;
    // Late ones are not made up for in a burst.
    queue.nextAt = Math.max(queue.nextAt, now - queue.everyMs) + queue.everyMs;
    this.nextAt = Math.max(this.nextAt, now - this.all.everyMs) + this.all.everyMs;
    return row;
  }

  private async pause(now: number): Promise<void> {
    const open = this.queues.filter((queue) => queue.rows.length > 0 && queue.room > 0);
    const soonest = Math.min(...open.map((queue) => queue.nextAt));
    const ms = Math.min(Math.max(Math.max(soonest, this.nextAt) - now, 1), LOOK_EVERY_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private wakeAll(): void {
    for (const wake of this.waiters.splice(0)) wake();
  }
}
