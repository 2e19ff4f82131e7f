import { text } from 'node:stream/consumers';
import { Watched } from './processes.js';
import type { Measured } from './results.js';
import { childrenOf, peakRssMbOf } from './usage.js';

const SAMPLE_EVERY_MS = 50;

/**
 * Postfix's smtp-source: what the wire and the sink can do. As many sessions as connections, kept open (-d) message
 * after message; it knows no pipelining, composes nothing and keeps no ledger.
 * @param size octets of a message
 */
export async function runSmtpSource(
  port: number,
  { n, connections, size }: { n: number; connections: number; size: number },
): Promise<Measured> {
  const started = performance.now();
  // The shell's `times` tells what its child has used; Node does not.
  const command = `smtp-source -d -s ${connections} -m ${n} -l ${size} -f news@bench.example -t reader@bench.example 127.0.0.1:${port} && times`;
  const shell = Watched.start('sh', ['-c', command], { PATH: process.env['PATH'] }, [
    'ignore',
    'pipe',
    'inherit',
  ]);
  let peakRssMb = 0;
  const sampling = setInterval(
    () => (peakRssMb = Math.max(peakRssMb, peakOfChild(shell.child.pid))),
    SAMPLE_EVERY_MS,
  );
  const said = shell.child.stdout ? await text(shell.child.stdout) : '';
  clearInterval(sampling);
  const seconds = (performance.now() - started) / 1000;
  const used = said.trim().split('\n').at(-1);
  const spent = [...(used ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (spent.length !== 2) throw new Error(`smtp-source failed: ${said}`);
  const cpuMs = spent.reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1_000,
    0,
  );
  return { n, perSecond: n / seconds, cpuMsPerOp: cpuMs / n, peakRssMb };
}

function peakOfChild(pid: number | undefined): number {
  try {
    const [child] = pid ? childrenOf(pid) : [];
    return child ? peakRssMbOf(child) : 0;
  } catch {
    return 0; // it has ended
  }
}
