import { createHash } from 'node:crypto';
import type { FeedEntry } from '../formats/feed-document.js';

/** An entry and what it is known by. */
export interface IdentifiedEntry {
  entry: FeedEntry;
  /** Null: it has no GUID, or one that does not tell it from others. */
  guidHash: string | null;
  urlHash: string | null;
  /** Of everything its article is made of. */
  contentHash: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/**
 * Gives each entry its identity: the GUID, else the canonical URL.
 *
 * A GUID that several entries with different URLs share (some systems write the site's) tells nothing; then the URL
 * counts. Of entries with the same identity the first one stays. One that has neither is known by its title and date.
 * @param among all that stand beside them, and tell what a GUID stands for
 */
export function identify(
  entries: readonly FeedEntry[],
  among: readonly FeedEntry[] = entries,
): IdentifiedEntry[] {
  const urlsOf = new Map<string, Set<string>>();
  for (const { guid, url } of among) {
    if (guid) urlsOf.set(guid, (urlsOf.get(guid) ?? new Set()).add(url ?? ''));
  }
  const seen = new Set<string>();
  const identified: IdentifiedEntry[] = [];
  for (const entry of entries) {
    const { guid, url, title, publishedAt } = entry;
    const isOwn = guid !== null && (urlsOf.get(guid)?.size ?? 0) < 2;
    const name = isOwn ? guid : url ? null : `${guid ?? ''}\n${title}\n${publishedAt?.toISOString() ?? ''}`;
    const guidHash = name === null ? null : sha256(name);
    const urlHash = url ? sha256(url) : null;
    const keys = [guidHash ?? '', urlHash ?? ''].filter((key) => key !== '');
    if (keys.some((key) => seen.has(key))) continue;
    for (const key of keys) seen.add(key);
    identified.push({ entry, guidHash, urlHash, contentHash: contentHash(entry) });
  }
  return identified;
}

/** Not of the date: some systems write the time of the request. */
function contentHash({ publishedAt: _, unreadableDate: __, guid: ___, ...content }: FeedEntry): string {
  return sha256(JSON.stringify(content));
}
