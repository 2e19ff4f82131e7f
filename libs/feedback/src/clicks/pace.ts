/** Seconds over which a pace is taken: the short one follows a rush, the long one does not forget a slow afternoon. */
const SPANS_S = [60, 600];

/** How many clicks a second people make in a network, lately: each counts less the longer it is ago. */
export class Pace {
  private readonly sums = SPANS_S.map(() => 0);
  private at = 0;

  /** @param at milliseconds; not before the last one */
  add(at: number): void {
    this.age(at);
    for (const index of SPANS_S.keys()) this.sums[index] = (this.sums[index] ?? 0) + 1;
  }

  /** Clicks a second. @param at milliseconds */
  perSecond(at: number): number {
    this.age(at);
    return Math.max(...SPANS_S.map((span, index) => (this.sums[index] ?? 0) / span));
  }

  private age(at: number): void {
    const seconds = Math.max(0, at - this.at) / 1000;
    for (const [index, span] of SPANS_S.entries()) {
      this.sums[index] = (this.sums[index] ?? 0) * Math.exp(-seconds / span);
    }
    this.at = Math.max(this.at, at);
  }
}
