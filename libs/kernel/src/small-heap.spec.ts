import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** Keeps 40 MB alive, then makes 300 MB of objects that outlive the young generation and die. Prints the largest heap, in MB. */
const CHURN = `
  const alive = Array.from({ length: 400_000 }, (_, i) => ({ i, text: 'reader ' + i }));
  const ring = [];
  let most = 0;
  START
  for (let i = 0; i < 4_000_000; i++) {
    ring[i % 100_000] = { i, id: 'message ' + i };
    if (i % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
  }
  console.log(Math.round(most / 1e6), alive.length);
`;

function largestHeapMb(start: string): number {
  const script = CHURN.replace('START', start);
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return Number.parseInt(out);
}

describe('keepHeapSmall', () => {
  it('collects what died in the old generation long before V8 would', () => {
    const file = pathToFileURL(join(process.cwd(), 'dist/libs/kernel/src/small-heap.js')).href;
    const small = largestHeapMb(`(await import(${JSON.stringify(file)})).keepHeapSmall();`);
    const usual = largestHeapMb('');
    expect(small).toBeLessThan(usual * 0.9);
  });
});
