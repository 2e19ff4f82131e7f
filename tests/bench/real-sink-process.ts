import { once } from 'node:events';
import { compiled, Watched } from './processes.js';
import type { RealSinkCounts } from './real-sink.js';

/** The slow and choosy mail server of real-sink.ts, which runs by itself. */
export class RealSink {
  private constructor(
    private readonly process: Watched,
    readonly port: number,
  ) {}

  static async start(): Promise<RealSink> {
    const env = { PATH: process.env['PATH'], NODE_ENV: 'production' };
    const sink = Watched.start(process.execPath, [compiled('./real-sink.js')], env, [
      'ignore',
      'ignore',
      'inherit',
      'ipc',
    ]);
    const [port] = (await once(sink.child, 'message')) as [number];
    return new RealSink(sink, port);
  }

  async counts(): Promise<RealSinkCounts> {
    const answer = once(this.process.child, 'message') as Promise<[RealSinkCounts]>;
    this.process.child.send('counts');
    return (await answer)[0];
  }

  async stop(): Promise<void> {
    await this.process.stop('SIGKILL');
  }
}
