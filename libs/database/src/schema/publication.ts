import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
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

export const operator = pgTable('operator', {
  id: id(),
  publicationId: uuid()
    .notNull()
    .references(() => publication.id),
  email: text().notNull().unique(),
  passwordHash: text().notNull(),
  role: text({ enum: ['owner', 'editor', 'viewer'] }).notNull(),
  createdAt: instant().notNull().defaultNow(),
});

export const apiKey = pgTable('api_key', {
  id: id(),
  publicationId: uuid()
    .notNull()
    .references(() => publication.id),
  name: text().notNull(),
  /** SHA-256 of the key; the key itself is shown once and never stored. */
  sha256: bytes().notNull().unique(),
  /** Its first characters, so that a person can tell keys apart. */
  prefix: text().notNull(),
  role: text({ enum: ['owner', 'editor', 'viewer'] }).notNull(),
  fromEnvironment: boolean().notNull().default(false),
  createdAt: instant().notNull().defaultNow(),
  lastUsedAt: instant(),
  revokedAt: instant(),
});

/** A sign-in of an operator's browser. The cookie holds the token, the row its hash. */
export const session = pgTable(
  'session',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    sha256: bytes().notNull().unique(),
    /** Who signed in: an operator, or the holder of an API key. */
    operatorId: uuid().references(() => operator.id, { onDelete: 'cascade' }),
    apiKeyId: uuid().references(() => apiKey.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
  },
  (t) => [index().on(t.expiresAt)],
);

export const auditEntry = pgTable(
  'audit_entry',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    /** The API key or operator that did it; null: the system. */
    actorId: uuid(),
    action: text().notNull(),
    subjectType: text().notNull(),
    subjectId: text(),
    detail: jsonb().$type<Record<string, unknown>>(),
    at: instant().notNull().defaultNow(),
  },
  (t) => [index().on(t.publicationId, t.at)],
);

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

/** Answers to POSTs that carried an Idempotency-Key, kept for a day. */
export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    apiKeyId: uuid().notNull(),
    key: text().notNull(),
    requestSha256: text().notNull(),
    status: integer(),
    body: jsonb(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.apiKeyId, t.key] }), index().on(t.createdAt)],
);
