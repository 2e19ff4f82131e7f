import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { subscriber } from './audience.js';
import { bytes, id, instant } from './columns.js';
import { edition } from './digest.js';
import { publication } from './publication.js';

/** How something came back. */
export const RETURN_WAYS = ['smtp', 'imap', 'api', 'hook'] as const;
export type ReturnWay = (typeof RETURN_WAYS)[number];

/** What was found in one thing that came back, of one recipient. No address is in it. */
export interface StoredReturnResult {
  class: 'hard' | 'soft' | 'blocked' | 'none' | null;
  status: string | null;
  /** Words, addresses taken out. */
  reason: string;
  subscriberId: string | null;
  editionId: string | null;
  action: 'suppressed' | 'counted' | 'rested' | 'unsubscribed' | 'none';
}

/** One thing that came back: a mail, known by its bytes, or a provider's event, known by its id. Each is acted on once. */
export const returnedItem = pgTable(
  'returned_item',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    /** `mail:` and the SHA-256 of its bytes, `unread:` and the same of one that could not be read, or `hook:`, the transport's id and the provider's id of the event. */
    key: text().notNull().unique(),
    way: text({ enum: RETURN_WAYS }).notNull(),
    kind: text().notNull(),
    /** The provider's word for it, of an event. */
    name: text(),
    results: jsonb().$type<StoredReturnResult[]>().notNull().default([]),
    receivedAt: instant().notNull(),
  },
  (t) => [index().on(t.receivedAt), index().on(t.kind, t.id)],
);

/** How it stands with a way in that may break: the mailbox that is read, the receiver. */
export const wayIn = pgTable('way_in', {
  name: text({ enum: ['imap', 'smtp'] }).primaryKey(),
  isWell: boolean().notNull(),
  /** Since when it is so. */
  since: instant().notNull(),
  /** Why not, in words without a password. */
  problem: text(),
  lastMessageAt: instant(),
  updatedAt: instant().notNull(),
});

/** DMARC aggregate reports (RFC 9990) and TLS reports (RFC 8460) that were sent to us. */
export const receivedReport = pgTable(
  'received_report',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    kind: text({ enum: ['dmarc', 'tls'] }).notNull(),
    organisation: text().notNull(),
    reportId: text().notNull(),
    domain: text().notNull(),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    /** Of DMARC by source, of TLS by policy: what there was, in numbers. */
    rows: jsonb().$type<unknown[]>().notNull(),
    receivedAt: instant().notNull(),
  },
  (t) => [unique().on(t.kind, t.organisation, t.reportId, t.domain), index().on(t.publicationId, t.endsAt)],
);

/** Where the links of an edition's mails go. Written when it is frozen, and never changed: no link goes anywhere else. */
export const editionLink = pgTable(
  'edition_link',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    /** From 0. */
    number: integer().notNull(),
    url: text().notNull(),
    /** The article whose link it is. */
    articleId: uuid(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.number] })],
);

/** Clicks in an hour on one link of an edition, in numbers only: nothing tells who it was. */
export const linkClicks = pgTable(
  'link_clicks',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    /** A full hour, UTC. */
    hour: instant().notNull(),
    /** Clicks that a person made, as far as can be told. */
    people: integer().notNull().default(0),
    scanners: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.number, t.hour] })],
);

/** How many people clicked in an edition in an hour, each counted once for the edition as far as can be told. */
export const editionClicks = pgTable(
  'edition_clicks',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    hour: instant().notNull(),
    people: integer().notNull().default(0),
    scanners: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.hour] })],
);

/** What a reader who agreed to be measured clicked in an edition. There is no row of anybody else. */
export const readerClick = pgTable(
  'reader_click',
  {
    subscriberId: uuid()
      .notNull()
      .references(() => subscriber.id, { onDelete: 'cascade' }),
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    /** The link's, as in `edition_link`. */
    number: integer().notNull(),
    firstAt: instant().notNull(),
    lastAt: instant().notNull(),
    count: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subscriberId, t.editionId, t.number] }),
    index().on(t.editionId),
    index().on(t.lastAt),
  ],
);

/** How often the picture in such a reader's mail was fetched: because they opened it, or by a mail program ahead of them. */
export const readerOpen = pgTable(
  'reader_open',
  {
    subscriberId: uuid()
      .notNull()
      .references(() => subscriber.id, { onDelete: 'cascade' }),
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    firstAt: instant().notNull(),
    lastAt: instant().notNull(),
    opened: integer().notNull(),
    /** Fetched by a mail program's own servers: nothing tells whether anybody looked. */
    prefetched: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subscriberId, t.editionId] }),
    index().on(t.editionId),
    index().on(t.lastAt),
  ],
);

/** What the numbers of deliveries count. */
const counters = () => ({
  frozen: integer().notNull().default(0),
  accepted: integer().notNull().default(0),
  deferred: integer().notNull().default(0),
  failed: integer().notNull().default(0),
  bounced: integer().notNull().default(0),
  complained: integer().notNull().default(0),
  unsubscribed: integer().notNull().default(0),
});

/** Of an edition: accepted for readers who agree to be measured; less, where they withdrew it. */
const measured = () => integer().notNull().default(0);

/**
 * What was added to the numbers of an edition, written in the transaction of what it counts and folded into `edition_number` by the
 * tick: two workers never wait for one row of numbers.
 */
export const editionNumberDelta = pgTable('edition_number_delta', {
  id: id(),
  editionId: uuid().notNull(),
  /** The recipients' mail provider, e.g. `google`; `other`. */
  provider: text().notNull(),
  /** A full hour, UTC. */
  hour: instant().notNull(),
  ...counters(),
  measured: measured(),
});

/** The numbers of an edition by provider and hour, without what still lies in `edition_number_delta`. */
export const editionNumber = pgTable(
  'edition_number',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    provider: text().notNull(),
    hour: instant().notNull(),
    ...counters(),
    measured: measured(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.provider, t.hour] }), index().on(t.hour)],
);

/**
 * What was added to the numbers of an edition's articles, as `edition_number_delta`: one row for what is counted at once, whichever
 * articles it was in.
 */
export const articleNumberDelta = pgTable('article_number_delta', {
  id: id(),
  editionId: uuid().notNull(),
  hour: instant().notNull(),
  /** For each article `article_id` and what is not zero of its counters. */
  counts: jsonb().$type<Record<string, string | number>[]>().notNull(),
});

/** The numbers of an article by edition and hour, without what still lies in `article_number_delta`. */
export const articleNumber = pgTable(
  'article_number',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    /** No foreign key: the numbers of an edition stay when a story goes. */
    articleId: uuid().notNull(),
    hour: instant().notNull(),
    ...counters(),
  },
  (t) => [
    primaryKey({ columns: [t.articleId, t.hour, t.editionId] }),
    index().on(t.hour),
    index().on(t.editionId),
  ],
);

/** Editions that went out before all of their numbers were kept: the ledger is still to be counted, once. */
export const uncountedEdition = pgTable('uncounted_edition', {
  editionId: uuid()
    .primaryKey()
    .references(() => edition.id, { onDelete: 'cascade' }),
});

/** What the numbers of the audience count. */
const audienceCounters = () => ({
  signUps: integer().notNull().default(0),
  confirmed: integer().notNull().default(0),
  left: integer().notNull().default(0),
  bounced: integer().notNull().default(0),
  complained: integer().notNull().default(0),
});

/** As `edition_number_delta`, of the audience. */
export const audienceNumberDelta = pgTable('audience_number_delta', {
  id: id(),
  publicationId: uuid().notNull(),
  /** The form that readers came by; `''`: not known. */
  source: text().notNull(),
  hour: instant().notNull(),
  ...audienceCounters(),
});

/** Sign-ups, confirmations and leavings by form and hour, without what still lies in `audience_number_delta`. */
export const audienceNumber = pgTable(
  'audience_number',
  {
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    source: text().notNull(),
    hour: instant().notNull(),
    ...audienceCounters(),
  },
  (t) => [primaryKey({ columns: [t.publicationId, t.hour, t.source] })],
);

/** Who takes the mail of a domain, by its MX records: looked up before it is needed, and again after a while. */
export const mailDomain = pgTable(
  'mail_domain',
  {
    /** In ASCII, lower case. */
    domain: text().primaryKey(),
    /** `google`, `microsoft` …, or the registrable domain of its MX; `other`: it could not be told. */
    provider: text().notNull(),
    lookedUpAt: instant().notNull(),
  },
  (t) => [index().on(t.lookedUpAt)],
);

export const ALARM_CAUSES = [
  'edition_paused',
  'edition_late',
  'edition_failed',
  'provider_blocking',
  'complaint_rate',
  'bounce_rate',
  'feed_broken',
  'transport_resting',
  'mailbox_unreachable',
  'returned_mail_unread',
  'records_changed',
] as const;
export type AlarmCause = (typeof ALARM_CAUSES)[number];

/** What an operator is to look at: open, until somebody has seen it or it is gone. */
export const alarm = pgTable(
  'alarm',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    cause: text({ enum: ALARM_CAUSES }).notNull(),
    /** What it is about: an edition's, feed's or transport's id, a provider, a domain. */
    subject: text().notNull(),
    state: text({ enum: ['open', 'seen', 'gone'] }).notNull(),
    since: instant().notNull(),
    seenAt: instant(),
    seenBy: text(),
    /** When it was gone. */
    until: instant(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Null: the operators have not been told yet, or not by this way. */
    mailedAt: instant(),
    calledAt: instant(),
    /** Calls of the webhook that failed. */
    failedCalls: integer().notNull().default(0),
    updatedAt: instant().notNull(),
  },
  (t) => [index().on(t.publicationId, t.state, t.id), index().on(t.cause, t.subject)],
);

/** What was found published in DNS last, so that a change is noticed. */
export const publishedRecord = pgTable(
  'published_record',
  {
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    check: text().notNull(),
    fingerprint: text().notNull(),
    found: text().notNull(),
    checkedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.publicationId, t.check] })],
);

/** How a provider's webhook is read and proved, of a transport. */
export const transportHook = pgTable('transport_hook', {
  transportId: uuid().primaryKey(),
  provider: text().notNull(),
  /** Its settings as JSON, sealed with APP_SECRET. */
  sealed: bytes().notNull(),
  lastEventAt: instant(),
  lastRefusalAt: instant(),
  lastRefusal: text(),
  updatedAt: instant().notNull(),
});
