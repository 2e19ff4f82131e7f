import { closeSync, mkdtempSync, openSync, readSync, rmSync, fstatSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/wait-for.js';
import { Watched } from './processes.js';

/** Postfix's smtp-sink, which takes every message and keeps none: the other end of every case. */
export class SmtpSink {
  private constructor(
    readonly process: Watched,
    readonly port: number,
    private readonly counter: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<SmtpSink> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'broadsheet-sink-'));
    // Its counter (-c) goes to a file: a pipe would wake us up for every message.
    const counter = openSync(join(folder, 'counter'), 'w+');
    const asWhom = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const sink = Watched.start(
      'smtp-sink',
      [...asWhom, '-c', '-m', '100', `127.0.0.1:${port}`, '128'],
      { PATH: process.env['PATH'] },
      ['ignore', counter, 'inherit'],
    );
    await eventually(() => sink.pid > 0 && answers(port), { what: 'smtp-sink' });
    return new SmtpSink(sink, port, counter, folder);
  }

  /** Messages taken since it started. */
  taken(): number {
    const { size } = fstatSync(this.counter);
    const tail = Buffer.alloc(100);
    const from = Math.max(0, size - tail.length);
    const read = readSync(this.counter, tail, 0, tail.length, from);
    return Number(/mesg=(\d+)\s*$/.exec(tail.toString('latin1', 0, read))?.[1] ?? 0);
  }

  async stop(): Promise<void> {
    await this.process.stop('SIGKILL');
    closeSync(this.counter);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
  });
}
