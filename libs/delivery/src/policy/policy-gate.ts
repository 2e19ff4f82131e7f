import { domainOfAddress } from '../limits/domain-rules.js';
import { TRIAL_MS, type PolicyBreaker } from './policy-breaker.js';

/** What a row is judged by. */
interface Addressed {
  email: string;
}

/** Lets the rows of one claim through, except those whose domain is left alone: of these one goes, on trial, after a rest. */
export class PolicyGate<Row extends Addressed> {
  private readonly trials = new Set<Row>();

  constructor(private readonly policy: Pick<PolicyBreaker, 'resting' | 'takeTrial'>) {}

  /** @returns the rows that may go, and those that may not, with for how long each is to wait */
  async admit(
    rows: readonly Row[],
  ): Promise<{ admitted: readonly Row[]; waiting: { row: Row; forMs: number }[] }> {
    const resting = await this.policy.resting();
    if (resting.size === 0) return { admitted: rows, waiting: [] };
    const admitted: Row[] = [];
    const waiting: { row: Row; forMs: number }[] = [];
    for (const row of rows) {
      const domain = domainOfAddress(row.email);
      const restMs = resting.get(domain);
      if (restMs === undefined) admitted.push(row);
      else if (restMs > 0) waiting.push({ row, forMs: restMs });
      else {
        resting.set(domain, TRIAL_MS);
        if (await this.policy.takeTrial(domain)) {
          this.trials.add(row);
          admitted.push(row);
        } else waiting.push({ row, forMs: TRIAL_MS });
      }
    }
    return { admitted, waiting };
  }

  /** Whether it is the one message that is tried after a rest. */
  isOnTrial(row: Row): boolean {
    return this.trials.has(row);
  }
}
