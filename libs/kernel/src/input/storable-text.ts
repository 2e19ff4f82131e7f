/** PostgreSQL's text and jsonb know neither U+0000 nor half a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** Foreign text as the database can hold it: cut to a length, with U+FFFD for what it cannot. @param longest UTF-16 units */
export function storableText(text: string, longest: number): string {
  return text.slice(0, longest).replace(UNSTORABLE, '\ufffd');
}
