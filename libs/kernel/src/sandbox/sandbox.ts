import { SandboxError, type SandboxReason } from './sandbox-error.js';
import type { TaskRequest, Tasks } from './serve-tasks.js';
import { TaskProcess } from './task-process.js';
import { unpack, type TaskResult } from './task-result.js';

/** Tasks that wait for a process. More are refused: by the time they were done, their callers would have given up. */
const MAX_WAITING = 200;
/** A process that has had nothing to do for so long is ended: it holds 60 to 120 MB. */
const IDLE_MS = 60_000;

export interface SandboxOptions {
  /** Processes at once, each started when it is first needed. */
  processes?: number;
  /** V8's old generation of each, in MB. */
  memoryMb?: number;
  /** Told of every task that was ended. */
  onEnded?: (task: string, reason: SandboxReason) => void;
}

interface Waiting {
  request: TaskRequest;
  resolve: (result: TaskResult) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs tasks on foreign and operators' input in processes of their own, each task with a limit of time and of memory, so
 * that no input can hold up or end this process. Why processes and no threads, and no library: docs/decisions.
 * @typeParam T the tasks that the script serves, see `serveTasks`
 */
export class Sandbox<T extends Tasks> {
  private readonly idle = new Map<TaskProcess, NodeJS.Timeout>();
  private readonly busy = new Set<TaskProcess>();
  private readonly waiting: Waiting[] = [];
  private closed = false;

  /** @param script path of the built file that calls `serveTasks`: see `builtFile` */
  constructor(
    private readonly script: string,
    private readonly options: SandboxOptions = {},
  ) {}

  /**
   * Runs one task.
   * @param limitMs from when it begins, not from when it is asked for
   * @throws what the task throws; SandboxError when it was ended, or could not be begun
   */
  async run<K extends keyof T & string>(
    task: K,
    input: Parameters<T[K]>[0],
    limitMs: number,
  ): Promise<Awaited<ReturnType<T[K]>>> {
    const result = await new Promise<TaskResult>((resolve, reject) => {
      if (this.closed) throw new SandboxError(task, 'died');
      const asked = { request: { task, input, limitMs }, resolve, reject };
      if (this.waiting.length >= MAX_WAITING) {
        this.reject(asked, 'busy');
        return;
      }
      this.waiting.push(asked);
      this.next();
    });
    return unpack(result) as Awaited<ReturnType<T[K]>>;
  }

  /** Ends every process; what runs or waits is ended with it. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { request, reject } of this.waiting.splice(0)) reject(new SandboxError(request.task, 'died'));
    for (const timer of this.idle.values()) clearTimeout(timer);
    await Promise.all([...this.busy, ...this.idle.keys()].map((its) => its.end()));
  }

  /** Gives what waits to processes that are free. */
  private next(): void {
    while (this.waiting.length > 0 && !this.closed) {
      const free = this.rested();
      if (!free && this.busy.size >= (this.options.processes ?? 1)) return;
      const waiting = this.waiting.shift();
      if (waiting) this.begin(waiting, free);
    }
  }

  /** Gives a task to a process, or to a new one. */
  private begin(waiting: Waiting, free?: TaskProcess): void {
    let its = free;
    try {
      its ??= new TaskProcess(this.script, this.options.memoryMb ?? 256);
    } catch {
      this.reject(waiting, 'died');
      return;
    }
    this.busy.add(its);
    this.work(its, waiting).catch(() => waiting.reject(new SandboxError(waiting.request.task, 'died')));
  }

  /** One that died without being asked, as by a signal while it rested, costs no task: a new one does it. */
  private async work(its: TaskProcess, waiting: Waiting): Promise<void> {
    const { isUsed } = its;
    const outcome = await its.run(waiting.request);
    this.busy.delete(its);
    try {
      if (typeof outcome !== 'string') {
        waiting.resolve(outcome);
        this.rest(its);
      } else if (outcome === 'died' && isUsed && !this.closed) this.begin(waiting);
      else this.reject(waiting, outcome);
    } finally {
      this.next();
    }
  }

  /** The one that rested last, so that those there is no work for come to their end. */
  private rested(): TaskProcess | undefined {
    for (const [known, timer] of [...this.idle].reverse()) {
      clearTimeout(timer);
      this.idle.delete(known);
      if (known.isAlive) return known;
    }
    return undefined;
  }

  private rest(its: TaskProcess): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      this.idle.delete(its);
      its.end().catch(() => undefined); // it never rejects
    }, IDLE_MS);
    this.idle.set(its, timer.unref());
  }

  private reject({ request, reject }: Waiting, reason: SandboxReason): void {
    reject(new SandboxError(request.task, reason));
    this.options.onEnded?.(request.task, reason);
  }
}
