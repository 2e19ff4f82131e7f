import type { FeedDocument, FeedEntry } from './feed-document.js';

/** Reads entries one by one: one that trips its reader up costs no other. */
export function readEach<T>(
  items: readonly T[],
  read: (item: T) => FeedEntry,
): Pick<FeedDocument, 'entries' | 'broken'> {
  const entries: FeedEntry[] = [];
  for (const item of items) {
    try {
      entries.push(read(item));
    } catch {
      // Counted: the feed's warning tells how many.
    }
  }
  return { entries, broken: items.length - entries.length };
}
