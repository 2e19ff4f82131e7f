/** What is measured of a case. CPU is of our processes alone, memory of the largest one. */
export interface Measured {
  /** Operations that were measured: messages, sign-ups, renders. */
  n: number;
  perSecond: number;
  cpuMsPerOp: number;
  peakRssMb: number;
}

/** A case of a benchmark, and the circumstances that tell it from its neighbours. */
export interface Case extends Measured {
  bench: string;
  case: string;
  messageKb?: number;
  connections?: number;
  workers?: number;
  /** `overtake`: from the POST that publishes to the outcomes of the alert in the ledger, in milliseconds. */
  firstMs?: number;
  p50Ms?: number;
  /** `stats`, `admin`: of the time that an answer took, beside `p50Ms`. */
  p95Ms?: number;
  p99Ms?: number;
  lastMs?: number;
  /** `overtake`: messages a second of the alert and the digest together, from the POST to the alert's last. */
  allPerSecond?: number;
  /** `deliver-real`: messages that the sink took on the first try, a second. */
  takenPerSecond?: number;
  /** `deliver-real`: of the bytes of what it took in all, content and envelope's end, for one message. */
  bytesPerMessage?: number;
  /** `deliver-real`: recipients put off once, and refused for good. */
  deferred?: number;
  refused?: number;
  /** `deliver-real`: from the freeze until those put off had been tried again, in seconds. */
  endedAfterSeconds?: number;
  /** `choice`: how many different mails it made, and of how many articles on average. */
  variants?: number;
  articlesPerVariant?: number;
  /** `admin`: as `p50Ms` and `p95Ms`, while an edition is going out. */
  busyP50Ms?: number;
  busyP95Ms?: number;
  busyCalls?: number;
}

/** A case beside the baselines of the same run. Each ratio is the case's number divided by the baseline's. */
export interface Row extends Case {
  /** Of operations a second: 2 is twice as many. */
  ratios: Record<string, number>;
  /** Of CPU per operation: 0.5 is half as much. */
  cpuRatios: Record<string, number>;
  /** Of peak memory. */
  memoryRatios: Record<string, number>;
}

/** Everything of one run, as `bench/results.json` keeps it. */
export interface Results {
  commit: string;
  /** RFC 3339. */
  at: string;
  machine: { cpus: number; node: string; model: string; memoryGb: number; os: string; loadBefore: number };
  rows: Row[];
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Three digits that count, whatever the size: ratios go from 0.01 to 10,000. */
const significant = (value: number) => Number(value.toPrecision(3));

/** The middle one of several runs; of memory the largest. @throws Error when there is none */
export function medianOf(runs: readonly Measured[]): Measured {
  const [first] = runs;
  if (!first) throw new Error('no run to take the median of');
  const middle = (pick: (run: Measured) => number) =>
    runs.map(pick).sort((a, b) => a - b)[Math.floor((runs.length - 1) / 2)] as number;
  return {
    n: first.n,
    perSecond: middle((run) => run.perSecond),
    cpuMsPerOp: middle((run) => run.cpuMsPerOp),
    peakRssMb: Math.max(...runs.map((run) => run.peakRssMb)),
  };
}

/** Sets every case beside the named baselines among them; these stand by themselves. */
export function compared(cases: readonly Case[], baselines: readonly string[]): Row[] {
  const bases = cases.filter((one) => baselines.includes(one.case));
  const ratios = (own: Case, pick: (one: Case) => number) =>
    Object.fromEntries(
      (bases.includes(own) ? [] : bases)
        .filter((base) => pick(base) > 0)
        .map((base) => [base.case, significant(pick(own) / pick(base))]),
    );
  return cases.map((one) => ({
    ...one,
    perSecond: round(one.perSecond, 2),
    cpuMsPerOp: round(one.cpuMsPerOp, 4),
    peakRssMb: round(one.peakRssMb, 1),
    ratios: ratios(one, (its) => its.perSecond),
    cpuRatios: ratios(one, (its) => its.cpuMsPerOp),
    memoryRatios: ratios(one, (its) => its.peakRssMb),
  }));
}
