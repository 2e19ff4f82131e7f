import { MAX_CATEGORIES } from '../formats/entry-fields.js';
import { identify, type IdentifiedEntry } from './entry-identity.js';
import type { FeedDocument, FeedEntry } from '../formats/feed-document.js';

/** Entries that are looked at. Sites that keep all they ever wrote in their feed have a tenth of it. */
export const MAX_ENTRIES = 2_000;
const MAX_CATEGORY = 200;

/** A document as polls need it: what of it is looked at, and what is told of the rest. */
export interface IdentifiedDocument {
  title: string;
  /** In the order of the document, each once. */
  entries: IdentifiedEntry[];
  /** Entries that could not be read at all. */
  broken: number;
  /** Older entries that are not looked at. */
  omitted: number;
}

/** Takes the newest entries of a document. To be run in a sandbox: so many hashes take their time. */
export function identifiedDocument({ title, entries, broken = 0 }: FeedDocument): IdentifiedDocument {
  const looked = newestOf(entries).map((entry) => ({
    ...entry,
    categories: entry.categories.slice(0, MAX_CATEGORIES).map((name) => name.slice(0, MAX_CATEGORY)),
  }));
  return { title, entries: identify(looked, entries), broken, omitted: entries.length - looked.length };
}

/** By their dates; what has none may be new. Of the same date, what stands first. */
function newestOf(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  if (entries.length <= MAX_ENTRIES) return entries;
  const time = ({ publishedAt }: FeedEntry) => publishedAt?.getTime() ?? Number.MAX_VALUE;
  const newest = new Set([...entries].sort((a, b) => time(b) - time(a)).slice(0, MAX_ENTRIES));
  return entries.filter((entry) => newest.has(entry));
}
