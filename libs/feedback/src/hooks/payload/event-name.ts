/** The name of an event with its sub types. */
export function nameOf(...words: (string | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== '').join('/');
}
