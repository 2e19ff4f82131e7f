import { index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bytes, id, instant } from './columns.js';

export interface StoredTheme {
  accentColor: string;
  logoUrl?: string | null;
}

/** The words of the sign-up form. Null: those of the locale file. */
export interface StoredWording {
  invitation?: string | null;
  /** The sentence beside the box. `[terms]` becomes the link. */
  agreement?: string | null;
  button?: string | null;
}

export const MEASURES = ['none', 'totals', 'consented'] as const;
export type Measure = (typeof MEASURES)[number];

/** UTM parameters. In `campaign`, `{digest}` and `{edition}` become the slugs of both. */
export interface StoredUtm {
  source: string;
  medium: string;
  campaign?: string | null;
}

export const publication = pgTable('publication', {
  id: id(),
  name: text().notNull(),
  baseUrl: text().notNull(),
  senderName: text().notNull(),
  senderEmail: text().notNull(),
  replyTo: text(),
  postalAddress: text().notNull(),
  locale: text().notNull(),
  timeZone: text().notNull(),
  theme: jsonb().$type<StoredTheme>().notNull(),
  wording: jsonb().$type<StoredWording>().notNull(),
  /** Whether clicks are counted: not at all, in numbers that name nobody, or also by reader where they agreed. */
  measure: text({ enum: MEASURES }).notNull().default('totals'),
  /** Added to the links of editions (`utm_source` …); null: nothing is. */
  utm: jsonb().$type<StoredUtm>(),
  createdAt: instant().notNull().defaultNow(),
  updatedAt: instant().notNull().defaultNow(),
});

/** A version of the terms. Never changed: a new text is a new version. */
export const termsVersion = pgTable(
  'terms_version',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    version: integer().notNull(),
    locale: text().notNull(),
    text: text().notNull(),
    /** Of the UTF-8 bytes of the text. */
    sha256: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.locale, t.version)],
);

export const topic = pgTable(
  'topic',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    slug: text().notNull(),
    name: text().notNull(),
    description: text(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.slug)],
);

/** Secrets of the installation that must outlive a rotation of APP_SECRET, encrypted under it. */
export const installationSecret = pgTable('installation_secret', {
  name: text().primaryKey(),
  sealed: bytes().notNull(),
});

/** Tries that are limited, counted for all processes: see rate-limit.ts. Keys are hashes. */
export const rateLimit = pgTable(
  'rate_limit',
  {
    key: text().primaryKey(),
    points: integer().notNull(),
    expire: instant(),
  },
  (t) => [index().on(t.expire)],
);
