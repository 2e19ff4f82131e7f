/**
 * URLs of a `srcset`, in its order, as the HTML standard splits it (§4.8.4.3.10): they may have commas in them, at their end they
 * have none of theirs. What stands after them, up to a comma outside parentheses, is their size.
 */
export function urlsOf(srcset: string): string[] {
  const urls: string[] = [];
  const url = /[\s,]*(\S+)/y;
  const size = /(?:[^,(]|\([^)]*(?:\)|$))*/y;
  for (let found = url.exec(srcset); found?.[1]; found = url.exec(srcset)) {
    const [, said] = found;
    const bare = said.replace(/,+$/, '');
    if (bare !== '') urls.push(bare);
    if (bare === said) {
      size.lastIndex = url.lastIndex;
      size.exec(srcset);
      url.lastIndex = size.lastIndex;
    }
  }
  return urls;
}
