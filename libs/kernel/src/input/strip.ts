/**
 * A text without the characters at its end that are among these. By index: a regular expression that ends in `+$` looks through a
 * long run once for each of its characters, 5 s for 64 KB.
 * @param marks characters of the basic plane
 */
export function stripEnd(text: string, marks: string): string {
  let end = text.length;
  while (end > 0 && marks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** A text without those at its beginning and its end, see {@link stripEnd}. */
export function stripAround(text: string, marks: string): string {
  const front = stripEnd(text, marks);
  let start = 0;
  while (start < front.length && marks.includes(front.charAt(start))) start++;
  return front.slice(start);
}
