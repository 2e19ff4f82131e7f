import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { SandboxReason } from './sandbox-error.js';
import type { TaskRequest } from './serve-tasks.js';
import { unpacked, type TaskResult } from './task-result.js';
import { MEMORY_SIGNAL, TIME_SIGNAL } from './watchdog.js';

/** A third of the processor that one at the usual priority gets beside it: enough to be done within its limit on a busy machine. */
const NICE = 5;
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

/**
 * V8 aborts when its heap is full, and an abort writes a core where that is allowed: hundreds of megabytes, with what was worked
 * on. Node can not forbid it to a process, so a shell does, and becomes the process.
 */
const WITHOUT_CORE = ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath] as const;

/** One process of a sandbox: runs one task at a time. Starts when it is made, and is not used again once a task was ended. */
export class TaskProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<SandboxReason>;
  private answers = 0;

  /**
   * @param memoryMb V8's old generation
   * @throws Error when the system has no process to give; often it is only found out later, and tasks end by `died`
   */
  constructor(script: string, memoryMb: number) {
    const environment = ENVIRONMENT.map((name) => [name, process.env[name]] as const);
    const [execPath, ...shell] = WITHOUT_CORE;
    this.child = fork(script, [String(memoryMb + 2 * SEMI_SPACE_MB + OFF_HEAP_MB)], {
      execPath,
      execArgv: [...shell, `--max-old-space-size=${memoryMb}`, `--max-semi-space-size=${SEMI_SPACE_MB}`],
      env: Object.fromEntries(environment.filter(([, value]) => value !== undefined)),
      serialization: 'advanced', // dates and bytes stay what they are
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // what it prints may quote what it works on
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (_, signal) => resolve(reasonOf(signal)));
      this.child.on('error', () => resolve('died')); // it could not be started
    });
    this.givesWay();
    this.keepsAwake(false);
  }

  get isAlive(): boolean {
    return this.child.connected && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Whether it has done a task already: what ends it before the next one is done need not be that one's fault. */
  get isUsed(): boolean {
    return this.answers > 0;
  }

  /** Runs one task. Never rejects. @returns what became of it, or why it was ended, and the process with it */
  async run(request: TaskRequest): Promise<TaskResult | SandboxReason> {
    this.keepsAwake(true);
    let late = false;
    const watch = setTimeout(() => {
      late = true;
      this.kill();
    }, request.limitMs + GRACE_MS);
    try {
      const answered = new Promise<Buffer>((resolve) => {
        this.child.once('message', (bytes) => resolve(bytes as Buffer));
      });
      this.child.send(request, (error) => {
        if (error) this.kill();
      });
      // What a process says with its last breath arrives before its exit does.
      const outcome = await Promise.race([answered, this.exited]);
      if (late) return 'time';
      if (typeof outcome === 'string') return outcome;
      this.answers++;
      return unpacked(outcome);
    } catch {
      // It was never started, or the request can not be sent.
      await this.end();
      return 'died';
    } finally {
      clearTimeout(watch);
      this.child.removeAllListeners('message');
      this.keepsAwake(false);
    }
  }

  /** Ends it at once, whatever it is doing. */
  async end(): Promise<void> {
    this.kill();
    await this.exited;
  }

  private kill(): void {
    if (this.child.pid !== undefined) this.child.kill('SIGKILL');
  }

  /** Who asks for a page is served before what it works on, when there are fewer processors than work. */
  private givesWay(): void {
    try {
      if (this.child.pid) setPriority(this.child.pid, NICE);
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
  [TIME_SIGNAL]: 'time',
  [MEMORY_SIGNAL]: 'memory',
  SIGABRT: 'memory',
  SIGTRAP: 'memory',
  SIGILL: 'memory',
};

function reasonOf(signal: NodeJS.Signals | null): SandboxReason {
  return (signal && REASONS[signal]) ?? 'died';
}
