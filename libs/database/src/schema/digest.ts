import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { article } from './content.js';
import { bits, id, instant } from './columns.js';
import { publication } from './publication.js';

/** What decides which story comes first; the earlier rule outweighs the later. */
export const ORDER_RULES = ['pin', 'priority', 'recency'] as const;
export type OrderRule = (typeof ORDER_RULES)[number];

export const SKIP_OR_SEND = ['skip', 'send'] as const;
export type SkipOrSend = (typeof SKIP_OR_SEND)[number];

export const digest = pgTable(
  'digest',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    slug: text().notNull(),
    name: text().notNull(),
    template: text().notNull().default('digest'),
    /** Liquid; null: the lead article's title. */
    subject: text(),
    /** Topic ids; null: every topic. */
    topics: uuid().array(),
    isDefault: boolean().notNull().default(false),
    minArticles: integer().notNull().default(1),
    maxArticles: integer().notNull().default(20),
    /** By locale, where it is another one than `template`. */
    templates: jsonb().$type<Record<string, string>>().notNull().default({}),
    alertTemplate: text().notNull().default('alert'),
    /** Five fields; null: only when an operator says so. */
    cron: text(),
    /** Of the cron; null: the publication's. */
    timeZone: text(),
    /** The cron is on each reader's own clock. */
    readerLocal: boolean().notNull().default(false),
    /** Occurrences up to here are dealt with, in the notation of slots. */
    scheduledThrough: instant(),
    /** A slot missed by more is held for an operator. */
    lateLimitMinutes: integer().notNull().default(360),
    /** So long before its time an edition is drafted for an operator's yes; null: it needs none. */
    approvalMinutes: integer(),
    /** What becomes of an edition nobody has said yes or no to. */
    withoutApproval: text({ enum: SKIP_OR_SEND }).notNull().default('skip'),
    /** What a reader gets for whom nothing is new. */
    whenEmpty: text({ enum: SKIP_OR_SEND }).notNull().default('skip'),
    emptyText: text(),
    orderBy: text({ enum: ORDER_RULES })
      .array()
      .notNull()
      .default([...ORDER_RULES]),
    /** Article ids. */
    pinned: uuid().array().notNull().default([]),
    excluded: uuid().array().notNull().default([]),
    /** Older stories are not taken, not even for a reader who is new. */
    lookbackDays: integer().notNull().default(14),
    /** After so many days a reader may get a story again; null: never. */
    repeatAfterDays: integer(),
    archivedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.slug)],
);

export const SLOT_STATUSES = ['open', 'fired', 'held', 'skipped'] as const;
export type SlotStatus = (typeof SLOT_STATUSES)[number];

/** A time at which a digest is due. The unique key is what keeps two clocks from firing it twice. */
export const slot = pgTable(
  'slot',
  {
    id: id(),
    digestId: uuid()
      .notNull()
      .references(() => digest.id, { onDelete: 'cascade' }),
    /** An instant; if `local`, the wall clock written as if it were UTC. */
    at: instant().notNull(),
    /** The occurrence before it, likewise; null: there was none. */
    previousAt: instant(),
    local: boolean().notNull(),
    /** `open`: drafted, waits for an operator's yes; `held`: was missed, waits for an operator. */
    status: text({ enum: SLOT_STATUSES }).notNull(),
    editionId: uuid(),
    /** In words for the operator. */
    reason: text(),
    decidedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.digestId, t.at, t.local), index().on(t.status)],
);

export const EDITION_KINDS = ['regular', 'alert', 'correction'] as const;
export type EditionKind = (typeof EDITION_KINDS)[number];

export const SELECTIONS = ['list', 'auto'] as const;
export type Selection = (typeof SELECTIONS)[number];

export const APPROVALS = ['waiting', 'approved', 'declined'] as const;
export type Approval = (typeof APPROVALS)[number];

export const EDITION_STATUSES = [
  'draft',
  'scheduled',
  'preparing',
  'sending',
  'paused',
  'sent',
  'cancelled',
  'failed',
] as const;
export type EditionStatus = (typeof EDITION_STATUSES)[number];

/** How fast an edition goes out. */
export interface Forecast {
  /** RFC 3339. */
  at: string;
  /** Recipients without an outcome then. */
  open: number;
  /** Outcomes a second, lately; null: not known. */
  perSecond: number | null;
}

/** Who stopped an edition: a person, by the name of the operator or of the key; or the service itself. */
export interface PausedBy {
  kind: 'operator' | 'service';
  /** Null: the service, or a person of whom no name is known. */
  name: string | null;
}

/** Parts of an edition that an editor divides it into, in the order of the mail. */
export const SECTIONS = ['lead', 'main', 'brief'] as const;
export type Section = (typeof SECTIONS)[number];

export const edition = pgTable(
  'edition',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    digestId: uuid()
      .notNull()
      .references(() => digest.id),
    slug: text().notNull(),
    status: text({ enum: EDITION_STATUSES }).notNull(),
    kind: text({ enum: EDITION_KINDS }).notNull().default('regular'),
    /** `list`: the articles of edition_article; `auto`: chosen anew for each wave. */
    selection: text({ enum: SELECTIONS }).notNull().default('list'),
    /** The slot it was made for; null: by hand. */
    slotId: uuid().references(() => slot.id, { onDelete: 'set null' }),
    /** What an alert or a correction is about. */
    articleId: uuid().references(() => article.id),
    /** The words of a correction. */
    note: text(),
    /** When its next wave is to be frozen; null: none is to come. */
    nextWaveAt: instant(),
    lastWaveAt: instant(),
    /** Waves frozen. */
    waves: integer().notNull().default(0),
    /** Null: it needs none. */
    approval: text({ enum: APPROVALS }),
    approvedAt: instant(),
    /** Liquid; null: the digest's. */
    subject: text(),
    /** Liquid; null: made from the articles. */
    preheader: text(),
    /** Markdown; what the editor says before the articles. */
    intro: text(),
    /** The same, sanitised. */
    introHtml: text(),
    /** Of what is in it: goes up with each change, so that nobody overwrites what they have not seen. */
    version: integer().notNull().default(1),
    /** Sent, but until then it can be taken back; null: it is not held. */
    heldUntil: instant(),
    sendAt: instant(),
    /** By when the last message should be accepted; null: no matter. */
    deadline: instant(),
    /** When the last message will be accepted, as far as one can tell. */
    predictedFinishAt: instant(),
    /** What the prediction was made from. */
    forecast: jsonb().$type<Forecast>(),
    /** Since when it is known that the deadline will be missed. */
    lateSince: instant(),
    /** Why it is paused or failed, in words for the operator. */
    statusReason: text(),
    /** Who paused it; null: it is not paused. */
    pausedBy: jsonb().$type<PausedBy>(),
    recipients: integer().notNull().default(0),
    batches: integer().notNull().default(0),
    warnings: text().array().notNull().default([]),
    startedAt: instant(),
    finishedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique().on(t.publicationId, t.slug),
    index().on(t.publicationId, t.id),
    index().on(t.status, t.sendAt),
    index().on(t.digestId),
    uniqueIndex('edition_alert')
      .on(t.digestId, t.articleId)
      .where(sql`kind = 'alert'`),
    uniqueIndex('edition_slot').on(t.slotId),
    index('edition_held')
      .on(t.heldUntil)
      .where(sql`held_until IS NOT NULL`),
    index('edition_next_wave')
      .on(t.nextWaveAt)
      .where(sql`next_wave_at IS NOT NULL`),
  ],
);

export const editionArticle = pgTable(
  'edition_article',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    articleId: uuid()
      .notNull()
      .references(() => article.id),
    position: integer().notNull(),
    /** Null: the edition is not divided. */
    section: text({ enum: SECTIONS }),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.articleId] }), index().on(t.articleId)],
);

/** What an operator wrote into an edition, as it was kept. */
export interface EditionDraft {
  subject: string | null;
  preheader: string | null;
  intro: string | null;
  stories: { articleId: string; section: Section | null }[];
  /** RFC 3339. */
  sendAt: string | null;
  deadline: string | null;
}

/** What an edition was before: one row for all that an operator changed in one go. */
export const editionVersion = pgTable(
  'edition_version',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    /** The last one of the row's changes. */
    version: integer().notNull(),
    /** The operator or key; null: the service. */
    byId: text(),
    byName: text(),
    begunAt: instant().notNull(),
    at: instant().notNull(),
    /** Which of the draft's fields were changed. */
    fields: text().array().notNull(),
    draft: jsonb().$type<EditionDraft>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.version] })],
);

/** What became of links when they were tried, for all editions that have them. */
export const linkCheck = pgTable(
  'link_check',
  {
    url: text().primaryKey(),
    checkedAt: instant().notNull(),
    /** HTTP; null: there was no answer. */
    status: integer(),
    /** In words; null: it works. */
    problem: text(),
  },
  (t) => [index().on(t.checkedAt)],
);

/** Readers of an edition with the same send time: selected and frozen together, at that time. */
export const editionWave = pgTable(
  'edition_wave',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    wave: integer().notNull(),
    /** When it was meant to go. */
    at: instant().notNull(),
    /** What was news by then is in it. */
    cutoff: instant().notNull(),
    /** Everything some reader of the wave gets, in the order of the mail. */
    articleIds: uuid().array().notNull(),
    recipients: integer().notNull().default(0),
    variants: integer().notNull().default(0),
    frozenAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.wave] })],
);

/** The frozen content of an edition in one locale: the compiled shell and one fragment per article. */
export const editionContent = pgTable(
  'edition_content',
  {
    id: id(),
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    locale: text().notNull(),
    /** Of all that it was compiled from: waves with the same stories share it. */
    fingerprint: text().notNull(),
    content: jsonb().$type<unknown>().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.editionId, t.locale, t.fingerprint)],
);

/**
 * What a draft was compiled to when it was last looked at, in one locale: whoever sends it then need not compile it again. It goes
 * when a wave of the edition is frozen, or the edition ends.
 */
export const draftContent = pgTable(
  'draft_content',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    locale: text().notNull(),
    /** Of all that it was compiled from. */
    fingerprint: text().notNull(),
    content: jsonb().$type<unknown>().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.locale] })],
);

/** What one group of readers gets: a locale and a set of the wave's articles. Its bytes follow from edition_content. */
export const variant = pgTable(
  'variant',
  {
    id: id(),
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    wave: integer().notNull(),
    contentId: uuid().notNull(),
    locale: text().notNull(),
    /** Bit i: the i-th of the wave's articles is in it. */
    mask: bits().notNull(),
    /** There was more for these readers than their mail may hold. */
    more: boolean().notNull().default(false),
  },
  (t) => [index().on(t.editionId, t.wave)],
);
