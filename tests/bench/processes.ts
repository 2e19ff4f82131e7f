import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuMsOf, peakRssMbOf } from './usage.js';

/** The file of a compiled module, from its path seen from this folder. */
export const compiled = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const running = new Set<ChildProcess>();
// A benchmark that fails or is interrupted leaves nothing running behind it.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A process of the benchmark, watched from outside. */
export class Watched {
  private constructor(
    readonly child: ChildProcess,
    private readonly name: string,
  ) {}

  /** Starts a program. It is killed when this process ends. */
  static start(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    stdio: StdioOptions = ['ignore', 'ignore', 'inherit'],
  ): Watched {
    const child = spawn(command, args, { env, stdio });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return new Watched(child, args.at(-1) ?? command);
  }

  /** @throws Error when it has ended */
  get pid(): number {
    if (this.child.exitCode !== null || this.child.signalCode !== null)
      throw new Error(`${this.name} ended (${this.child.exitCode ?? this.child.signalCode})`);
    return this.child.pid as number;
  }

  /** Milliseconds of CPU used so far. */
  get cpuMs(): number {
    return cpuMsOf(this.pid);
  }

  get peakRssMb(): number {
    return peakRssMbOf(this.pid);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
