import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const ROOT = process.cwd();
/** What `npm start` gives Node. */
const FLAG = '--max-semi-space-size=16';

/** Keeps 40 MB alive, then makes 300 MB of objects that get old and die. Prints the largest heap spaces, in MB. */
const CHURN = `
  import { getHeapSpaceStatistics } from 'node:v8';
  const alive = Array.from({ length: 400_000 }, (_, i) => ({ i, text: 'reader ' + i }));
  const ring = [];
  const most = {};
  START
  for (let i = 0; i < 4_000_000; i++) {
    ring[i % 500_000] = { i, id: 'message ' + i };
    if (i % 20_000 > 0) continue;
    for (const { space_name: name, space_size: size } of getHeapSpaceStatistics())
      most[name] = Math.max(most[name] ?? 0, Math.round(size / 1e6));
  }
  console.log(JSON.stringify({ old: most.old_space, young: most.new_space, alive: alive.length }));
`;

function largestSpaces(start: string, flags: string[] = []): { old: number; young: number } {
  const script = CHURN.replace('START', start);
  const args = [...flags, '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as never;
}

const keepSmall = () => {
  const file = pathToFileURL(join(ROOT, 'dist/libs/kernel/src/process/small-heap.js')).href;
  return `(await import(${JSON.stringify(file)})).keepHeapSmall();`;
};

describe('keepHeapSmall', () => {
  it('collects what died in the old generation long before V8 would', () => {
    const small = largestSpaces(keepSmall(), [FLAG]);
    const usual = largestSpaces('', [FLAG]);
    expect(small.old).toBeLessThan(usual.old * 0.6); // measured: 0.33 on Node 20, 0.38 on Node 24
  });
});

describe('the flag that processes are started with', () => {
  it('holds the young generation to three semi-spaces', () => {
    expect(largestSpaces('', [FLAG]).young).toBeLessThanOrEqual(3 * 17);
  });

  it('stands wherever one is started', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const name of ['start', 'start:web', 'start:worker']) expect(scripts[name]).toContain(` ${FLAG} `);
    expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toContain(`NODE_OPTIONS=${FLAG}`);
    const units = readFileSync(join(ROOT, 'docs/install.md'), 'utf8').match(/^ExecStart=.*$/gm) ?? [];
    expect(units).toHaveLength(2);
    for (const unit of units) expect(unit).toContain(` ${FLAG} `);
  });
});
