import { deliverBench } from './deliver.bench.js';
import { dkimBench } from './dkim.bench.js';
import { renderBench } from './render.bench.js';
import { printTable, writeResults, type Row } from './results.js';

const READERS = 10_000;

const BENCHES: Record<string, () => Promise<Row[]>> = {
  render: renderBench,
  dkim: dkimBench,
  deliver: () => deliverBench(Number(process.env['BENCH_READERS'] ?? READERS)),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  rows.push(...(await bench()));
}
printTable(rows);
writeResults('bench/results.json', rows);
process.exit(0);
