import { packed, resultOf } from './task-result.js';
import { MEMORY_SIGNAL, Watchdog } from './watchdog.js';

/** Tasks by name. What goes in and comes out is structured-clone data: no classes, no functions. */
// The parameter's type is each task's own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Tasks = Record<string, (input: any) => unknown>;

/**
 * A result may have so many bytes. The process that asked reads it whole, in one go: 30 ms for texts. The entries of the largest
 * feed, 10 MB, take 20 MB where each character takes two bytes.
 */
const MAX_RESULT_BYTES = 33_554_432;
/** Sent to a whole group, by a terminal or by systemd: the process that asked finishes what is in flight first, and ends this one. */
const FOR_THE_GROUP = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a sandbox sends to its process. */
export interface TaskRequest {
  task: string;
  input: unknown;
  /** Milliseconds from when it begins. */
  limitMs: number;
}

/**
 * Makes this process one of a `Sandbox`: runs the tasks it is sent, one at a time, watched by a thread that ends the process
 * when a limit is passed, or when the process that asked is gone. Packing and sending the result are part of the task.
 */
export function serveTasks(tasks: Tasks): void {
  const watchdog = new Watchdog(Number(process.argv[2]));
  for (const signal of FOR_THE_GROUP) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit());
  const run = async ({ task, input, limitMs }: TaskRequest) => {
    const deadline = watchdog.watch(limitMs);
    const result = await resultOf(() => {
      const known = tasks[task];
      if (!known) throw new Error(`There is no task "${task}".`);
      return known(input);
    });
    const bytes = packed(result);
    if (bytes.length > MAX_RESULT_BYTES) process.kill(process.pid, MEMORY_SIGNAL);
    process.send?.(bytes, undefined, undefined, (error) => {
      if (error) process.exit(1);
      watchdog.rest(deadline);
    });
  };
  process.on('message', (message) => {
    run(message as TaskRequest).catch(() => process.exit(1));
  });
}
