import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { SandboxReason } from './sandbox-error.js';
import type { TaskRequest } from './serve-tasks.js';
import type { TaskResult } from './task-result.js';

/** V8's young generation, in MB. */
const SEMI_SPACE_MB = 16;
/** Beyond V8's heap (MB): code, stacks, buffers. */
const OFF_HEAP_MB = 160;
/** All of our environment that it gets: no secret is in reach of what it works on. */
const ENVIRONMENT = ['PATH', 'TZ', 'LANG', 'LC_ALL', 'NODE_ICU_DATA'];
/**
 * It ends itself when a task's time is over. Should that fail, this side does, so long after: a process takes a second to
 * start on a busy machine, and the time counts from when the task begins.
 */
const GRACE_MS = 15_000;

/** One process of a sandbox: runs one task at a time. Starts when it is made, and is not used again once a task was ended. */
export class TaskProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<SandboxReason>;

  /** @param memoryMb V8's old generation */
  constructor(script: string, memoryMb: number) {
    const environment = ENVIRONMENT.map((name) => [name, process.env[name]] as const);
    this.child = fork(script, [String(memoryMb + 2 * SEMI_SPACE_MB + OFF_HEAP_MB)], {
      execArgv: [`--max-old-space-size=${memoryMb}`, `--max-semi-space-size=${SEMI_SPACE_MB}`],
      env: Object.fromEntries(environment.filter(([, value]) => value !== undefined)),
      serialization: 'advanced', // dates and bytes stay what they are
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // what it prints may quote what it works on
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (_, signal) => resolve(reasonOf(signal)));
      this.child.once('error', () => resolve('died')); // it could not be started
    });
    this.givesWay();
    this.keepsAwake(false);
  }

  get isAlive(): boolean {
    return this.child.connected && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Runs one task. @returns what became of it, or why it was ended, and the process with it */
  async run(request: TaskRequest): Promise<TaskResult | SandboxReason> {
    this.keepsAwake(true);
    let late = false;
    const watch = setTimeout(() => {
      late = true;
      this.child.kill('SIGKILL');
    }, request.limitMs + GRACE_MS);
    const answered = new Promise<TaskResult>((resolve) => {
      this.child.once('message', (result) => resolve(result as TaskResult));
    });
    this.child.send(request, (error) => {
      if (error) this.child.kill('SIGKILL');
    });
    try {
      // What a process says with its last breath arrives before its exit does.
      const outcome = await Promise.race([answered, this.exited]);
      return late ? 'time' : outcome;
    } finally {
      clearTimeout(watch);
      this.child.removeAllListeners('message');
      this.keepsAwake(false);
    }
  }

  /** Ends it at once, whatever it is doing. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Who asks for a page is served before what it works on, when there are fewer processors than work. */
  private givesWay(): void {
    try {
      if (this.child.pid) setPriority(this.child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It is gone already, or it may not be lowered: then it has its even share.
    }
  }

  /** Whether our process stays while this one does: only while a task runs. */
  private keepsAwake(awake: boolean): void {
    const { child } = this;
    if (awake) child.ref();
    else child.unref();
    if (awake) child.channel?.ref();
    else child.channel?.unref();
  }
}

/** A process says by its last signal why it ended: see watchdog-thread.ts. V8 aborts by one of several when its heap is full. */
const REASONS: Partial<Record<NodeJS.Signals, SandboxReason>> = {
  SIGALRM: 'time',
  SIGXCPU: 'memory',
  SIGABRT: 'memory',
  SIGTRAP: 'memory',
  SIGILL: 'memory',
};

function reasonOf(signal: NodeJS.Signals | null): SandboxReason {
  return (signal && REASONS[signal]) ?? 'died';
}
