import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bytes, id, instant } from './columns.js';
import { publication } from './publication.js';

/** `tls`: from the first byte. `starttls`: required. `opportunistic`: used when offered. `none`: asked for by name. */
export const TRANSPORT_SECURITY = ['tls', 'starttls', 'opportunistic', 'none'] as const;
export const TRANSPORT_AUTH = ['none', 'password', 'xoauth2'] as const;

/** A slow start for a new address of ours: so many on the first day, so much more each day, up to a ceiling. */
export interface WarmUp {
  /** Messages on the first day. */
  startPerDay: number;
  /** By how many percent each day's number is above the day before's. */
  growthPercent: number;
  /** Messages a day at which it ends. */
  ceilingPerDay: number;
  /** The first day: YYYY-MM-DD, UTC. */
  startedOn: string;
}

/** What the readers' mail provider takes from us at once. */
export interface DomainRule {
  /** Recipient domains that share the limit, in ASCII: `["gmail.com", "googlemail.com"]`; `["*"]`: each other domain. */
  domains: string[];
  /** Messages on their way to these at one time, of all workers together; null: as many as there are connections. */
  connections: number | null;
  /** Messages a second, of all workers together; null: no limit. */
  perSecond: number | null;
}

/** A DKIM key (RFC 6376, RFC 8463). The private one is sealed with APP_SECRET. */
export interface StoredDkimKey {
  domain: string;
  selector: string;
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  /** PKCS #8 PEM, encrypted, base64. */
  sealedPrivateKey: string;
  /** As it stands in DNS, base64. */
  publicKey: string;
}

/** One SMTP account. */
export const transport = pgTable(
  'transport',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    name: text().notNull(),
    /** `environment`: where it is comes from SMTP_URL; everything else about it is kept here. */
    origin: text({ enum: ['environment', 'operator'] }).notNull(),
    enabled: boolean().notNull().default(true),
    /** Its share of the mail among the usable ones; 0: only when no other is usable. */
    weight: integer().notNull().default(1),
    host: text().notNull(),
    port: integer().notNull(),
    security: text({ enum: TRANSPORT_SECURITY }).notNull(),
    verifyCertificate: boolean().notNull().default(true),
    /** Said in EHLO; null: this machine's name. */
    clientName: text(),
    authMethod: text({ enum: TRANSPORT_AUTH }).notNull().default('none'),
    username: text(),
    /** The password, or the OAuth 2 settings, as JSON sealed with APP_SECRET. */
    sealedSecret: bytes(),
    /** SMTP connections per worker process. */
    connections: integer().notNull(),
    /** Messages, of all workers together; null: no limit. */
    perSecond: integer(),
    perHour: integer(),
    perDay: integer(),
    warmUp: jsonb().$type<WarmUp>(),
    /** null: the defaults for the big mailbox providers. */
    domainRules: jsonb().$type<DomainRule[]>(),
    dkim: jsonb().$type<StoredDkimKey[]>().notNull().default([]),
    /** It failed and is left alone until then. */
    restingUntil: instant(),
    lastError: text(),
    lastErrorAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.name)],
);

/** Messages that were given leave in a window of a transport, by all workers together. */
export const transportUse = pgTable(
  'transport_use',
  {
    transportId: uuid()
      .notNull()
      .references(() => transport.id, { onDelete: 'cascade' }),
    period: text({ enum: ['hour', 'day'] }).notNull(),
    /** When the window began: a full hour, or midnight, UTC. */
    startsAt: instant().notNull(),
    used: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.transportId, t.period, t.startsAt] })],
);

/** How a transport gets on with a group of recipient domains, and the timetable of what it may send there. */
export const transportPace = pgTable(
  'transport_pace',
  {
    transportId: uuid()
      .notNull()
      .references(() => transport.id, { onDelete: 'cascade' }),
    /** The recipient domain, or the first of a rule's; empty: whatever the transport sends. */
    domain: text().notNull(),
    /** The first instant that is not given to a message yet. */
    nextAt: instant(),
    /** The domain asked us to wait: nothing is begun before. */
    restingUntil: instant(),
    /** Deferrals in a row. */
    deferrals: integer().notNull().default(0),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.transportId, t.domain] })],
);

/** Permits to have one message on its way to a recipient domain: as many rows (`slot`) as there may be connections. */
export const domainSlot = pgTable(
  'domain_slot',
  {
    transportId: uuid()
      .notNull()
      .references(() => transport.id, { onDelete: 'cascade' }),
    domain: text().notNull(),
    slot: integer().notNull(),
    /** The claim that holds it. */
    holder: uuid().notNull(),
    until: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.transportId, t.domain, t.slot] }), index().on(t.holder)],
);
