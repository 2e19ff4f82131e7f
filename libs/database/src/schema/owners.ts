import type { PgTable } from 'drizzle-orm/pg-core';
import type * as schema from './index.js';

type Tables = {
  [Name in keyof typeof schema as (typeof schema)[Name] extends PgTable ? Name : never]: unknown;
};

/** A table as the schema exports it. */
export type TableName = keyof Tables;

/** The lib that writes a table: `libs/…`. */
export type Owner =
  'audience' | 'content' | 'database' | 'delivery' | 'digest' | 'feedback' | 'operators' | 'queue';

/**
 * Each table is written by one lib; the others call it. A new table does not compile before it has its owner, and
 * `owners.spec.ts` finds every statement that writes what another lib owns.
 */
export const OWNERS: Readonly<Record<TableName, Owner>> = {
  accountLink: 'operators',
  alarm: 'feedback',
  apiKey: 'operators',
  article: 'content',
  articleNumber: 'feedback',
  articleNumberDelta: 'delivery',
  articleTopic: 'content',
  audienceNumber: 'feedback',
  /** Of those who sign up, confirm and leave: written where that is done. */
  audienceNumberDelta: 'audience',
  auditEntry: 'operators',
  auditOrigin: 'operators',
  consent: 'audience',
  consentEvidence: 'audience',
  consentSeal: 'audience',
  consentSealRow: 'audience',
  delivery: 'delivery',
  digest: 'digest',
  domainSlot: 'delivery',
  edition: 'digest',
  /** Below digest: an article that is deleted leaves the drafts it is in. */
  editionArticle: 'content',
  draftContent: 'digest',
  editionClicks: 'feedback',
  editionContent: 'digest',
  editionCount: 'delivery',
  /** By a trigger on `delivery`; folded by delivery. */
  editionCountDelta: 'delivery',
  editionLink: 'digest',
  editionNumber: 'feedback',
  editionNumberDelta: 'delivery',
  editionOutcome: 'delivery',
  editionOutcomeDelta: 'delivery',
  editionRefusals: 'delivery',
  editionVersion: 'digest',
  editionWave: 'digest',
  /** By triggers; its places are given and forgotten by operators. */
  eventFeed: 'operators',
  feed: 'content',
  feedbackEvent: 'audience',
  feedEntry: 'content',
  idempotencyKey: 'operators',
  installationSecret: 'audience',
  linkClicks: 'feedback',
  linkCheck: 'digest',
  mailboxMessage: 'delivery',
  mailDomain: 'delivery',
  operator: 'operators',
  /** Below all that have a mail to send. */
  outboxMail: 'queue',
  passkey: 'operators',
  publication: 'audience',
  readerBulk: 'audience',
  readerBulkChange: 'audience',
  publishedRecord: 'feedback',
  rateLimit: 'database',
  /** Below feedback: who leaves takes it along. */
  readerClick: 'audience',
  readerExport: 'audience',
  readerImport: 'audience',
  /** By triggers on `subscriber` and `subscription`; folded by audience. */
  readerCount: 'audience',
  readerCountDelta: 'audience',
  readerOpen: 'audience',
  receivedReport: 'feedback',
  recipientStanding: 'delivery',
  recoveryCode: 'operators',
  returnedItem: 'feedback',
  session: 'operators',
  signInStep: 'operators',
  slot: 'digest',
  storedFile: 'audience',
  storedPiece: 'audience',
  subscriber: 'audience',
  subscription: 'audience',
  suppression: 'audience',
  termsVersion: 'audience',
  topic: 'audience',
  transport: 'delivery',
  transportHook: 'feedback',
  transportPace: 'delivery',
  transportUse: 'delivery',
  uncountedEdition: 'feedback',
  variant: 'digest',
  wayIn: 'feedback',
};

/** Statements that lie outside the lib of their table, since libs below it need them: file → table. */
export const LENT_DOWN: Readonly<Record<string, TableName>> = {
  'libs/audience/src/numbers/count-in-articles.ts': 'articleNumberDelta',
  'libs/audience/src/numbers/count-in-editions.ts': 'editionNumberDelta',
  'libs/queue/src/outbox/stop-deliveries.ts': 'delivery',
};

/** Besides `*.repository.ts` and `libs/database` these hold SQL: pieces of statements, and statements that a lib lends. */
export const LENT_SQL: readonly string[] = [
  'libs/audience/src/finding/reader-conditions.ts',
  'libs/audience/src/numbers/count-in-articles.ts',
  'libs/audience/src/numbers/count-in-editions.ts',
  'libs/audience/src/measurement/is-measured.ts',
  'libs/audience/src/numbers/count-readers.ts',
  'libs/audience/src/subscribers/mailable.ts',
  'libs/audience/src/suppression/bounces.ts',
  'libs/content/src/articles/edition-articles.ts',
  'libs/digest/src/content/insert-variants.ts',
  'libs/digest/src/model/edition-states.ts',
  'libs/digest/src/selection/by-cadence.ts',
  'libs/digest/src/selection/mask-sql.ts',
  'libs/queue/src/outbox/stop-deliveries.ts',
];
