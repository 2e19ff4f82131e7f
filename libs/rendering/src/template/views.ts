import { readUrl } from '#kernel/input/read-url.js';

/** How a publication wants to look. */
export interface Theme {
  /** `#rrggbb`: links, kickers and buttons. Darkened or lightened where it would be hard to read. */
  accentColor: string;
  /** Absolute http(s) URL of a picture shown instead of the name in the masthead. */
  logoUrl?: string | null;
}

/** What a mail says about the publication that sends it. */
export interface PublicationView {
  name: string;
  /** Without a trailing slash. */
  baseUrl: string;
  /** May have several lines. Law asks for it in every mail (CAN-SPAM §7704(a)(5)). */
  postalAddress: string;
  locale: string;
  /** IANA name; every date in a mail is written in it. */
  timeZone: string;
  theme: Theme;
}

/** Where in an edition an editor put a story. */
export type Section = 'lead' | 'main' | 'brief';

/** One story as a mail shows it. */
export interface ArticleView {
  id: string;
  title: string;
  /** Absolute http(s) URL; anything else is left out of the mail. */
  url: string;
  /** Plain text. */
  summary: string;
  /** Sanitised HTML of the whole story. */
  html: string;
  /** The whole story as plain text, used when there is no HTML. */
  text: string;
  author: string | null;
  imageUrl: string | null;
  publishedAt: Date | null;
  topics: string[];
  /** By default none: the edition is not divided. */
  section?: Section | null;
}

/** @returns the URL if a mail may link to it (absolute, http or https), normalised; otherwise null. */
export function webUrl(url: string | null | undefined, base?: string): string | null {
  const parsed = url ? readUrl(url, base) : null;
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed.href : null;
}
