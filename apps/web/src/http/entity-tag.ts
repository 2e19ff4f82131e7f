/**
 * Whether a client that sent this If-None-Match has the page with this tag (RFC 9110 §13.1.2). Compared weakly (§8.8.3.2):
 * a page has one tag in every encoding, and a proxy that changes it makes the tag a weak one too.
 */
export function matchesAny(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  // An entity tag has no quotation mark in it, but may have a comma.
  const held: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return held.includes(tag);
}
