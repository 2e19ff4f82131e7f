import { resultOf } from './task-result.js';
import { Watchdog } from './watchdog.js';

/** Tasks by name. What goes in and comes out is structured-clone data: no classes, no functions. */
// The parameter's type is each task's own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Tasks = Record<string, (input: any) => unknown>;

/** What a sandbox sends to its process. */
export interface TaskRequest {
  task: string;
  input: unknown;
  /** Milliseconds from when it begins. */
  limitMs: number;
}

/**
 * Makes this process one of a `Sandbox`: runs the tasks it is sent, one at a time, watched by a thread that ends the process
 * when a limit is passed, or when the process that asked is gone.
 */
export function serveTasks(tasks: Tasks): void {
  const watchdog = new Watchdog(Number(process.argv[2]));
  // Ctrl-C in a terminal reaches the whole group: the process that asked finishes what is in flight first.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  const run = async ({ task, input, limitMs }: TaskRequest) => {
    watchdog.watch(limitMs);
    const result = await resultOf(() => {
      const known = tasks[task];
      if (!known) throw new Error(`There is no task "${task}".`);
      return known(input);
    });
    watchdog.rest();
    process.send?.(result);
  };
  process.on('message', (message) => {
    run(message as TaskRequest).catch(() => process.exit(1)); // what came out can't be sent
  });
}
