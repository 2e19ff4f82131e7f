/** A number of people who clicked, and of scanners beside them. */
export interface Clicks {
  people: number;
  scanners: number;
}

/** The same as it is shown: `812 people (±35) · 1,240 with scanners`. */
export interface ClickNumber extends Clicks {
  /** By how much `people` may be off, in either direction. */
  margin: number;
  /** People and scanners together. */
  withScanners: number;
}

/**
 * Puts the margin beside what was counted. Margins do not add up: of several counts it is that of their sum.
 *
 * Everybody who was counted, as a person or as a scanner, is one who may have been taken for the other, may be two behind one address, or one
 * who came from two; whether that is so of one says nothing of the next. The errors of n such counts add up like n coins,
 * to √n. It is a bound for when all of them were ambiguous: most are not.
 */
export function clickNumber({ people, scanners }: Clicks): ClickNumber {
  const withScanners = people + scanners;
  return { people, scanners, margin: Math.round(Math.sqrt(withScanners)), withScanners };
}
