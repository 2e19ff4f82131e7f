import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bytes, id, instant } from './columns.js';
import { edition } from './digest.js';
import { publication } from './publication.js';

/** `deferred` is no state of its own: it is `queued` after at least one try, with a due time. */
export const DELIVERY_STATUSES = [
  'queued',
  'claimed',
  'accepted',
  'failed',
  'suppressed',
  'expired',
  'uncertain',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What a delivery and an outbox mail have in common: the protocol of sending once. */
const sending = () => ({
  status: text({ enum: DELIVERY_STATUSES }).notNull().default('queued'),
  /** Not before. */
  dueAt: instant().notNull(),
  /** Fencing token of the claim; an outcome is only written where it still matches. */
  leaseToken: uuid(),
  leaseUntil: instant(),
  /** Tries that ended in a deferral. */
  attempts: integer().notNull().default(0),
  /** A process died while this message was on the wire: a resend may double it (same Message-ID). */
  inDoubt: boolean().notNull().default(false),
  smtpCode: integer(),
  /** The server's words, addresses taken out. */
  smtpReply: text(),
  updatedAt: instant().notNull().defaultNow(),
});

/** The ledger: one edition to one reader. The primary key is what makes a second message impossible. */
export const delivery = pgTable(
  'delivery',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id),
    /** Not a foreign key: the sums must hold after an erasure. */
    subscriberId: uuid().notNull(),
    variantId: uuid().notNull(),
    wave: integer().notNull().default(0),
    batch: integer().notNull(),
    ...sending(),
    acceptedAt: instant(),
    /** It was accepted, and came back later. */
    bouncedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.editionId, t.subscriberId] }),
    index('delivery_due')
      .on(t.editionId, t.batch, t.dueAt)
      .where(sql`status = 'queued'`),
    index('delivery_leased')
      .on(t.leaseUntil)
      .where(sql`status = 'claimed'`),
    index('delivery_token')
      .on(t.leaseToken)
      .where(sql`status = 'claimed'`),
    // Lists of one status, in the order of readers. What is accepted needs none: there it is most of the rows, or the first.
    index('delivery_waiting')
      .on(t.editionId, t.subscriberId)
      .where(sql`status = 'queued'`),
    index('delivery_deferred')
      .on(t.editionId, t.subscriberId)
      .where(sql`status = 'queued' AND attempts > 0`),
    index('delivery_ended')
      .on(t.editionId, t.status, t.subscriberId)
      .where(sql`status IN ('failed', 'suppressed', 'expired', 'uncertain')`),
    index().on(t.subscriberId),
  ],
);

export const OUTBOX_KINDS = [
  'confirmation',
  'welcome',
  'unsubscribed',
  'already-subscribed',
  'preferences-link',
  'edition-test',
  'approval-wanted',
  'slot-held',
  'edition-paused',
  'domain-rested',
  'alarm',
  'invitation',
  'password-reset',
  'first-mail',
] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** A durable wish: send this mail to that reader. Written in the transaction of what it follows from. */
export const outboxMail = pgTable(
  'outbox_mail',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    kind: text({ enum: OUTBOX_KINDS }).notNull(),
    subscriberId: uuid(),
    /** Only for mail to no subscriber (an edition test). */
    address: text(),
    editionId: uuid(),
    payload: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    ...sending(),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('outbox_due')
      .on(t.dueAt)
      .where(sql`status = 'queued'`),
    index('outbox_leased')
      .on(t.leaseUntil)
      .where(sql`status = 'claimed'`),
    index().on(t.subscriberId, t.kind, t.createdAt),
  ],
);

/** `lifted`: an operator lifted a suppression, and what came back before does not count any more. */
export const EVENT_TYPES = ['click', 'open', 'bounce', 'complaint', 'unsubscribe', 'lifted'] as const;

export const feedbackEvent = pgTable(
  'feedback_event',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    type: text({ enum: EVENT_TYPES }).notNull(),
    subscriberId: uuid(),
    editionId: uuid(),
    /** Of a bounce: `hard`, `soft` or `blocked`. */
    class: text(),
    /** The enhanced status code, if one was said. */
    smtpStatus: text(),
    /** Told by the server in the dialogue (null), or by something that came back: its id. */
    returnedItemId: uuid(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    at: instant().notNull(),
  },
  (t) => [
    index().on(t.subscriberId),
    index().on(t.editionId, t.type),
    index().on(t.at),
    index('feedback_event_type').on(t.publicationId, t.type, t.at),
    index().on(t.returnedItemId),
  ],
);

/** The built-in mailbox: what would have left the machine. One copy per Message-ID and recipient, as a mail store keeps. */
export const mailboxMessage = pgTable(
  'mailbox_message',
  {
    id: id(),
    messageId: text().notNull(),
    recipient: text().notNull(),
    sender: text().notNull(),
    subject: text().notNull(),
    raw: bytes().notNull(),
    /** It holds a link by which somebody becomes an operator, or signs in as one. */
    opensAccount: boolean().notNull().default(false),
    receivedAt: instant().notNull(),
  },
  (t) => [unique().on(t.messageId, t.recipient), index().on(t.receivedAt)],
);

/** What recipient domains think of us: only those that refused a message for policy lately have a row. */
export const recipientStanding = pgTable(
  'recipient_standing',
  {
    /** In ASCII, lower case. */
    domain: text().primaryKey(),
    /** Of the last 100 messages to it, oldest first: `1` was refused for policy, `0` was not. */
    recent: text().notNull().default(''),
    /** Rests in a row, since it last took a message; 0: it is in good standing. */
    rests: integer().notNull().default(0),
    /** When the first of these began. */
    restingSince: instant(),
    /** Until then nothing is sent to it; after it one message, on trial. */
    restingUntil: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    index('recipient_standing_resting')
      .on(t.domain)
      .where(sql`rests > 0`),
  ],
);

/** Which of the last messages of an edition were refused for policy; no row: none. */
export const editionRefusals = pgTable('edition_refusals', {
  editionId: uuid()
    .primaryKey()
    .references(() => edition.id, { onDelete: 'cascade' }),
  /** Of its last 100 messages, oldest first: the domain that refused it, or `''`. */
  recent: text().array().notNull().default([]),
  updatedAt: instant().notNull(),
});
