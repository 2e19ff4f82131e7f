/** A feed in whatever format, as far as it matters here. */
export interface FeedDocument {
  title: string;
  entries: FeedEntry[];
  /** Entries that could not be read at all. */
  broken?: number;
}

/** One story in a feed. Texts are as they came: HTML, unless said. */
export interface FeedEntry {
  guid: string | null;
  /** Absolute and canonical. */
  url: string | null;
  /** One line of text. */
  title: string;
  body: { source: string; format: 'html' | 'text' } | null;
  /** HTML. */
  summary: string | null;
  /** One line: all names that are given, no addresses. */
  author: string | null;
  imageUrl: string | null;
  categories: string[];
  publishedAt: Date | null;
  /** A date that can not be read, as it came. */
  unreadableDate: string | null;
  /** What relative links in the body are relative to. */
  baseUrl: string;
}
