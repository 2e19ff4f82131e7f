import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Handle on the sink's process. */
export class SinkProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly port: number,
  ) {}

  static async start(): Promise<SinkProcess> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./sink.js', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const reader: Interface = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    return new SinkProcess(child, lines, Number(first.value));
  }

  /** Messages taken since it started. */
  async taken(): Promise<number> {
    this.child.stdin?.write('?\n');
    const line = await this.lines.next();
    return Number(line.value);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
