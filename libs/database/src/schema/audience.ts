import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes, id, instant } from './columns.js';
import { publication, termsVersion } from './publication.js';

export const SUBSCRIBER_STATUSES = ['pending', 'active', 'unsubscribed', 'bounced', 'complained'] as const;
export type SubscriberStatus = (typeof SUBSCRIBER_STATUSES)[number];

export const CADENCES = ['every', 'daily', 'weekly', 'breaking'] as const;
export type Cadence = (typeof CADENCES)[number];

/** What a subscriber chose before there was a digest to subscribe to. */
export interface FirstWish {
  /** Ids; null: all. */
  topics: string[] | null;
  cadence: Cadence;
  weekday: number | null;
  hour: number | null;
  alerts: boolean;
}

export const subscriber = pgTable(
  'subscriber',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    email: text().notNull(),
    /** Lower case, IDN as punycode: the key of uniqueness. */
    emailNormalised: text().notNull(),
    /** The same HMAC as in suppression, so that one join finds who must not be mailed. */
    addressHmac: bytes().notNull(),
    name: text(),
    locale: text().notNull(),
    timeZone: text(),
    attributes: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    status: text({ enum: SUBSCRIBER_STATUSES }).notNull(),
    /** Which form they came by first; `operator`: an operator added them. */
    source: text().notNull().default('operator'),
    /** Chose no digest by name: gets the publication's default digests, also one that becomes a default later. */
    followsDefaults: boolean().notNull().default(true),
    /** Becomes the subscription to the first default digest; null: nothing was chosen, or there was a digest. */
    firstWish: jsonb().$type<FirstWish>(),
    confirmedAt: instant(),
    unsubscribedAt: instant(),
    /** Their mailbox could not take mail again and again: no edition is sent until the tick has ended the rest. */
    restedUntil: instant(),
    /** Since when they agree to be measured (the purpose `measurement`); null: they do not. Changed with the ledger's row. */
    measuredSince: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique().on(t.publicationId, t.emailNormalised),
    index().on(t.publicationId, t.status, t.id),
    index().on(t.publicationId, t.locale, t.id),
    index().on(t.publicationId, t.source, t.id),
    index('subscriber_attributes').using('gin', sql`${t.attributes} jsonb_path_ops`),
    index().on(t.addressHmac),
    index('subscriber_rested')
      .on(t.restedUntil)
      .where(sql`rested_until IS NOT NULL`),
  ],
);

/** What a subscriber asked for of one digest. */
export const subscription = pgTable(
  'subscription',
  {
    subscriberId: uuid()
      .notNull()
      .references(() => subscriber.id, { onDelete: 'cascade' }),
    digestId: uuid().notNull(),
    /** Topic ids; null: all topics of the digest. */
    topics: uuid().array(),
    cadence: text({ enum: CADENCES }).notNull().default('every'),
    /** Reader's local hour, 0-23; null: the digest's. */
    hour: integer(),
    /** Of the cadence `weekly`: ISO 8601, 1 Monday to 7 Sunday; null: any, seven days apart. */
    weekday: integer(),
    /** Breaking articles too, whatever the cadence. */
    alerts: boolean().notNull().default(false),
    /** The reader's first day with mail again, in their zone; null: not paused. */
    pausedUntil: date({ mode: 'string' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.subscriberId, t.digestId] }),
    index().on(t.digestId, t.subscriberId),
    index('subscription_topics').using('gin', t.topics),
    index('subscription_paused')
      .on(t.subscriberId)
      .where(sql`paused_until IS NOT NULL`),
  ],
);

export const CONSENT_KINDS = ['given', 'confirmed', 'withdrawn'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

/**
 * The ledger of consent. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. Personal data that an erasure
 * must remove lives in consent_evidence; the row keeps its hash.
 */
export const consent = pgTable(
  'consent',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    /** Not a foreign key: the proof outlives the subscriber. */
    subscriberId: uuid().notNull(),
    kind: text({ enum: CONSENT_KINDS }).notNull(),
    /** How: form, json, api, import, confirmation-link, one-click, unsubscribe-page, preferences … */
    method: text().notNull(),
    /** Which form: article, subscribe, embed, api … */
    form: text(),
    termsVersionId: uuid().references(() => termsVersion.id),
    termsSha256: text(),
    /** The exact sentence the person saw beside the box. */
    sentence: text(),
    purposes: text().array().notNull(),
    locale: text().notNull(),
    pageUrl: text(),
    /** HMAC of the normalised address: shows whose it is without holding the address. */
    addressHmac: bytes().notNull(),
    /** SHA-256 of the salted evidence row (IP, user agent, address), so that erasing it breaks no seal. */
    evidenceSha256: text(),
    submittedAt: instant().notNull(),
    confirmedAt: instant(),
    /** SHA-256 of the canonical JSON of every other column. */
    rowSha256: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [index().on(t.subscriberId), index().on(t.publicationId, t.id)],
);

export const consentEvidence = pgTable(
  'consent_evidence',
  {
    consentId: uuid().primaryKey(),
    subscriberId: uuid().notNull(),
    salt: text().notNull(),
    address: text().notNull(),
    ip: text(),
    userAgent: text(),
  },
  (t) => [index().on(t.subscriberId)],
);

/** One link of the hash chain: seals a batch of consent rows. Append-only. */
export const consentSeal = pgTable(
  'consent_seal',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    number: integer().notNull(),
    rowCount: integer().notNull(),
    previousSha256: text().notNull(),
    sha256: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.publicationId, t.number)],
);

/** Which consent row stands where in which seal. Append-only. */
export const consentSealRow = pgTable(
  'consent_seal_row',
  {
    consentId: uuid().primaryKey(),
    sealId: uuid()
      .notNull()
      .references(() => consentSeal.id),
    position: integer().notNull(),
  },
  (t) => [unique().on(t.sealId, t.position)],
);

export const SUPPRESSION_REASONS = ['complaint', 'hard_bounce', 'operator', 'erasure', 'import'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** An address never to be mailed, held as an HMAC so that it survives erasure without holding the address. */
export const suppression = pgTable(
  'suppression',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    addressHmac: bytes().notNull(),
    reason: text({ enum: SUPPRESSION_REASONS }).notNull(),
    note: text(),
    /** The evidence: what came back and told it. Null: the server did in the dialogue, or a person decided. */
    returnedItemId: uuid(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.addressHmac)],
);
