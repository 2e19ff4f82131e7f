/**
 * Where a text first holds a piece, beginning from one place up to another.
 *
 * Knuth, Morris and Pratt's search: `indexOf` may look at a long piece again from every place, and goes on to the end.
 * @param least and {@link most}: places at which the piece may begin
 * @returns -1: nowhere there
 */
export function indexWithin(text: string, piece: string, least: number, most: number): number {
  const borders = bordersOf(piece);
  const end = Math.min(text.length, most + piece.length);
  let length = 0;
  for (let at = least; at < end; at++) {
    while (length > 0 && text[at] !== piece[length]) length = borders[length - 1] ?? 0;
    if (text[at] === piece[length]) length++;
    if (length === piece.length) return at + 1 - length;
  }
  return -1;
}

/** Of each beginning of the piece the longest shorter one that it ends in. */
function bordersOf(piece: string): Int32Array {
  const borders = new Int32Array(piece.length);
  let length = 0;
  for (let at = 1; at < piece.length; at++) {
    while (length > 0 && piece[at] !== piece[length]) length = borders[length - 1] ?? 0;
    if (piece[at] === piece[length]) length++;
    borders[at] = length;
  }
  return borders;
}
