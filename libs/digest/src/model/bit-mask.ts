/** A set of the articles of a list, as PostgreSQL writes bit strings: character i stands for the i-th article. */
export type Mask = string;

/** The mask of those positions for which it is true. */
export function maskOf(count: number, isIn: (position: number) => boolean): Mask {
  return Array.from({ length: count }, (_, position) => (isIn(position) ? '1' : '0')).join('');
}

/** What a mask chooses of its list, in the list's order. */
export function chosenBy<T>(mask: Mask, list: readonly T[]): T[] {
  return list.filter((_, position) => mask[position] === '1');
}

/** A part of a mask that stands as it is in another: so many bits from a position, or so many zeros. */
export type MaskPart = { from: number; length: number } | { zeros: number };

/**
 * How a mask over one list becomes a mask over another: the fewest parts to put side by side.
 * @param positions for each article of the new list its position in the old one; null: it is not in it, or is not wanted
 */
export function partsOf(positions: readonly (number | null)[]): MaskPart[] {
  const parts: MaskPart[] = [];
  for (const position of positions) {
    const last = parts.at(-1);
    if (position === null) {
      if (last && 'zeros' in last) last.zeros += 1;
      else parts.push({ zeros: 1 });
    } else if (last && 'from' in last && last.from + last.length === position) last.length += 1;
    else parts.push({ from: position, length: 1 });
  }
  return parts;
}
