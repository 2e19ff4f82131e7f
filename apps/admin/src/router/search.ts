/** What is asked of a page beside its path, as it stands in the address: words, never numbers, so an id of digits stays one. */
export type Search = Record<string, string>;

export function parseSearch(search: string): Search {
  return Object.fromEntries(new URLSearchParams(search));
}

/** `?from=2026-11-01&to=2026-11-30`; empty ones are left out, and of nothing it is `''`. */
export function searchText(search: object): string {
  const words = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return words.length > 0 ? `?${new URLSearchParams(words)}` : '';
}
