import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { compiled } from './processes.js';
import type { Measured } from './results.js';
import type { SampleMail } from './sample-mail.js';
import { cpuMsOf, peakRssMbOf } from './usage.js';

/** What a baseline is told. */
export interface BaselineTask {
  n: number;
  connections: number;
  smtpPort: number;
  redisUrl: string;
  mail: SampleMail;
  /** The mail server puts off and refuses some: that is an outcome too. */
  someAreRefused?: boolean;
  /** Signs with it, an RSA key in PEM. */
  dkimPrivateKey?: string;
}

/** Runs a baseline in a process of its own, as fresh as the workers it is compared with. */
export async function runBaseline(module: string, task: BaselineTask): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [compiled(module)], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', BENCH_TASK: JSON.stringify(task) },
    maxBuffer: 1e6,
  });
  return JSON.parse(stdout) as Measured;
}

/** Inside that process: the task. */
export function givenTask(): BaselineTask {
  return JSON.parse(process.env['BENCH_TASK'] ?? '') as BaselineTask;
}

/** Inside that process: measures the work, prints what it measured and ends. */
export async function measureHere(n: number, work: () => Promise<void>): Promise<never> {
  const cpuBefore = cpuMsOf(process.pid);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const measured: Measured = {
    n,
    perSecond: n / seconds,
    cpuMsPerOp: (cpuMsOf(process.pid) - cpuBefore) / n,
    peakRssMb: peakRssMbOf(process.pid),
  };
  console.log(JSON.stringify(measured));
  process.exit(0);
}

/** nodemailer's pool, as its documentation has it. */
export function pooledTransport({ smtpPort: port, connections, dkimPrivateKey: privateKey }: BaselineTask) {
  return createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
    ignoreTLS: true,
    ...(privateKey ? { dkim: { domainName: 'bench.example', keySelector: 'bench', privateKey } } : {}),
  });
}
