import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Installation } from './installation.js';
import { compiled, Watched } from './processes.js';
import { compared, medianOf, type Measured, type Row } from './results.js';
import { freshDatabase, type Services } from './services.js';

const CONNECTIONS = 16;
const ROUNDS = 3;
/** Before anything counts: both have compiled their hot code. */
const WARM_UP = 500;

interface Server {
  url: string;
  process: Watched;
}

/**
 * `POST /subscribe` of the web process alone against a bare Fastify route with one INSERT. A sign-up writes the
 * reader, the digests, the consent with its evidence and the confirmation to be sent, in one transaction, and tells
 * the queue. No worker runs: the confirmations wait.
 */
export async function signUpsBench(services: Services, n: number): Promise<Row[]> {
  const installation = await Installation.start(services);
  const bare = await startBare(services);
  try {
    const servers: Record<string, Server> = {
      'bare route, one INSERT': bare,
      broadsheet: { url: installation.url, process: installation.web },
    };
    let used = 0;
    const runs: Record<string, Measured[]> = {};
    for (const server of Object.values(servers)) await post(server, used, WARM_UP);
    used += WARM_UP;
    for (let round = 0; round < ROUNDS; round++, used += n)
      for (const [name, server] of Object.entries(servers))
        (runs[name] ??= []).push(await post(server, used, n));
    const cases = Object.entries(runs).map(([name, its]) => ({
      bench: 'sign-ups',
      case: name,
      connections: CONNECTIONS,
      ...medianOf(its),
    }));
    return compared(cases, ['bare route, one INSERT']);
  } finally {
    await bare.process.stop();
    await installation.stop();
  }
}

async function startBare(services: Services): Promise<Server> {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: await freshDatabase(services),
    NODE_ENV: 'production',
  };
  const process_ = Watched.start(process.execPath, [compiled('./fastify-insert.js')], env, [
    'ignore',
    'pipe',
    'inherit',
  ]);
  if (!process_.child.stdout) throw new Error('the baseline has no output');
  const [port] = (await once(createInterface({ input: process_.child.stdout }), 'line')) as [string];
  return { url: `http://127.0.0.1:${port}`, process: process_ };
}

async function post({ url, process: server }: Server, from: number, n: number): Promise<Measured> {
  const cpuBefore = server.cpuMs;
  const args = [compiled('./sign-up-client.js'), url, String(from), String(n), String(CONNECTIONS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return {
    n,
    perSecond: n / Number(stdout),
    cpuMsPerOp: (server.cpuMs - cpuBefore) / n,
    peakRssMb: server.peakRssMb,
  };
}
