import { parseArgs } from 'node:util';
import { adminBench } from './admin.bench.js';
import { choiceBench } from './choice.bench.js';
import { AIMED, deliverBench } from './deliver.bench.js';
import { dkimBench } from './dkim.bench.js';
import { feedbackCostBench } from './feedback-cost.bench.js';
import { ingestBench } from './ingest.bench.js';
import { memoryBench } from './memory.bench.js';
import { overtakeBench } from './overtake.bench.js';
import { BEST_REAL_CONNECTIONS, realBench } from './real.bench.js';
import { renderBench } from './render.bench.js';
import { circumstances, readResults, writeResults, RESULTS_FILE } from './results-file.js';
import type { Row } from './results.js';
import { insistOnDurability, servicesFromEnvironment } from './services.js';
import { signUpsBench } from './sign-ups.bench.js';
import { statsBench } from './stats.bench.js';
import { markdown, plainAims, plainTable } from './table.js';
import { workersBench } from './workers.bench.js';

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    n: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (flags.markdown && wanted.length === 0) {
  const results = readResults();
  if (!results) throw new Error(`There is no ${RESULTS_FILE}. Run: npm run bench`);
  console.log(markdown(results));
  process.exit(0);
}

if (flags.help) {
  console.log(
    'npm run bench -- [render|dkim|deliver|workers|overtake|ingest|memory|choice|admin|sign-ups …] [-- --n COUNT --markdown]',
  );
  process.exit(0);
}

const services = servicesFromEnvironment();
const n = (usual: number) => Number(flags.n ?? usual);
const BENCHES: Record<string, () => Promise<Row[]>> = {
  render: renderBench,
  dkim: dkimBench,
  deliver: async () => [
    ...(await deliverBench(services, n(10_000))),
    ...(await realBench(services, n(10_000), [BEST_REAL_CONNECTIONS])),
  ],
  workers: () => workersBench(services, n(20_000)),
  overtake: () => overtakeBench(services, n(200_000)),
  ingest: () => ingestBench(services, n(3_000)),
  memory: () => memoryBench(services, n(1_000_000)),
  choice: () => choiceBench(services, n(1_000_000)),
  admin: () => adminBench(services, n(1_000_000)),
  'sign-ups': () => signUpsBench(services, n(4_000)),
};
/** Long ones, run only by name. */
const ON_DEMAND: typeof BENCHES = {
  'deliver-aims': async () => [
    ...(await deliverBench(services, n(10_000), [AIMED])),
    ...(await feedbackCostBench(services, n(10_000))),
  ],
  'feedback-cost': () => feedbackCostBench(services, n(10_000)),
  'deliver-100k': () => deliverBench(services, 100_000, [{ ...AIMED, rounds: 1 }]),
  'deliver-1m': () => deliverBench(services, 1_000_000, [{ ...AIMED, rounds: 1 }]),
  'deliver-real': () => realBench(services, n(10_000)),
  stats: () => statsBench(services, n(1_000_000)),
};
const known = { ...BENCHES, ...ON_DEMAND };

const unknown = wanted.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(known).join(', ')}`);
  process.exit(2);
}
const run = circumstances();
await insistOnDurability(services);
const rows: Row[] = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
  console.error(`${name} …`);
  rows.push(...((await known[name]?.()) ?? []));
}
const results = writeResults(run, rows);
console.log(flags.markdown ? markdown(results) : [plainTable(rows), plainAims(rows)].join('\n\n'));
process.exit(0);
