/**
 * Reads `tag=value; tag=value` as DKIM and DMARC write it (RFC 6376 §3.2). Names are lower case; of a tag that stands twice
 * the first counts; what is no tag is told.
 */
export function readTags(text: string): { tags: Map<string, string>; rest: string[] } {
  const tags = new Map<string, string>();
  const rest: string[] = [];
  for (const piece of text.split(';')) {
    const at = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (/^[a-z][a-z0-9_]*$/.test(name)) {
      if (!tags.has(name)) tags.set(name, piece.slice(at + 1).trim());
    } else if (piece.trim() !== '') rest.push(piece.trim());
  }
  return { tags, rest };
}

/** The same record with other tags; `null` takes one out. `v` and `p` come first, as old readers of DMARC want them. */
export function withTags(text: string, changes: Record<string, string | null>): string {
  const { tags } = readTags(text);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) tags.delete(name);
    else tags.set(name, value);
  }
  const first = ['v', 'p'].filter((name) => tags.has(name));
  const names = [...first, ...[...tags.keys()].filter((name) => !first.includes(name))];
  return names.map((name) => `${name}=${tags.get(name) ?? ''}`).join('; ');
}
