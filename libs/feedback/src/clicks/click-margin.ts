/**
 * By how much a number of people may be off, in either direction: `812 people (±35)`.
 *
 * Everybody who was counted, as a person or as a scanner, is one who may have been taken for the other, may be two behind one address, or one
 * who came from two; whether that is so of one says nothing of the next. The errors of n such counts add up like n coins,
 * to √n. It is a bound for when all of them were ambiguous: most are not.
 */
export function clickMargin({ people, scanners }: { people: number; scanners: number }): number {
  return Math.round(Math.sqrt(people + scanners));
}
