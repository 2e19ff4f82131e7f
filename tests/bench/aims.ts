import type { Row } from './results.js';

/** An aim, and how far a run came. */
export interface Judgement {
  aim: string;
  wanted: string;
  measured: string;
  met: boolean;
}

/** Where the aims are set: 10 KB over 10 connections. */
const isAimed = (row: Row) => row.messageKb === 10 && row.connections === 10;

const ours = (rows: readonly Row[]) =>
  rows.find((row) => row.bench === 'deliver' && row.case === 'broadsheet' && isAimed(row));

const alertOf = (rows: readonly Row[]) =>
  rows.find((row) => row.bench === 'overtake' && row.case === 'alert');

/** Of the numbers of connections it was measured with, the best. */
const asOutThere = (rows: readonly Row[]) =>
  rows
    .filter((row) => row.bench === 'deliver-real' && row.case === 'broadsheet')
    .sort((a, b) => (b.takenPerSecond ?? 0) - (a.takenPerSecond ?? 0))[0];

/** @returns the memory case with the most readers, if there is more than the smallest */
const largest = (rows: readonly Row[]) =>
  rows
    .filter((row) => row.bench === 'memory' && Object.keys(row.ratios).length > 0)
    .sort((a, b) => b.n - a.n)[0];

const COMPARE = {
  '≥': (value: number, limit: number) => value >= limit,
  '>': (value: number, limit: number) => value > limit,
  '≤': (value: number, limit: number) => value <= limit,
  '<': (value: number, limit: number) => value < limit,
};
type Sign = keyof typeof COMPARE;

/** Sets the run's numbers against the aims; those it says nothing about are left out. */
export function judge(rows: readonly Row[]): Judgement[] {
  const judgements: Judgement[] = [];
  const add = (aim: string, value: number | undefined, sign: Sign, limit: number, unit = '') => {
    if (value === undefined) return;
    const met = COMPARE[sign](value, limit);
    const shown = Number(value.toPrecision(3));
    judgements.push({ aim, wanted: `${sign} ${limit}${unit}`, measured: `${shown}${unit}`, met });
  };
  const edition = ours(rows);
  add('rate ÷ smtp-source', edition?.ratios['smtp-source'], '≥', 0.5);
  add('rate ÷ one job per reader', edition?.ratios['job per reader'], '≥', 8);
  add('CPU per message', edition?.cpuMsPerOp, '≤', 0.1, ' ms');
  const real = asOutThere(rows);
  add(
    `100 KB, signed, 30 ms away, ${real?.connections ?? ''} connections: taken a second`,
    real?.takenPerSecond,
    '>',
    750,
  );
  for (const row of rows.filter((one) => one.bench === 'feedback-cost'))
    add(`${row.case}: rate ÷ without feedback`, Object.values(row.ratios)[0], '≥', 0.97);
  const ingest = rows.find((row) => row.bench === 'ingest' && row.case === 'broadsheet');
  add('bounce mails a second of CPU time', ingest && 1000 / ingest.cpuMsPerOp, '≥', 500);
  const alert = alertOf(rows);
  const alerted = `an alert to ${alert?.n.toLocaleString('en') ?? ''} during a digest`;
  add(`${alerted}: first accepted`, alert?.firstMs && alert.firstMs / 1000, '<', 2, ' s');
  const ofRate = Object.values(alert?.ratios ?? {})[0];
  add(`${alerted}: first to last ÷ the time that the worker's rate gives it`, ofRate && 1 / ofRate, '≤', 1.1);
  for (const row of rows.filter((one) => one.bench === 'choice' && one.n >= 1_000_000)) {
    add(
      `${row.case}: choice and freeze of ${row.n.toLocaleString('en')}`,
      row.n / row.perSecond,
      '<',
      60,
      ' s',
    );
  }
  const many = largest(rows);
  if (!many) return judgements;
  const readers = many.n.toLocaleString('en');
  add(`worker memory at ${readers} ÷ at 10,000`, Object.values(many.memoryRatios)[0], '≤', 1.1);
  add(`worker memory at ${readers}`, many.peakRssMb, '<', 250, ' MB');
  add(`CPU per message at ${readers} ÷ at 10,000`, Object.values(many.cpuRatios)[0], '≤', 1.1);
  const slower = Object.values(many.ratios)[0];
  add(`time per message at ${readers} ÷ at 10,000`, slower && 1 / slower, '≤', 1.1);
  return judgements;
}
