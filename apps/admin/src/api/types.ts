import type { FieldError } from './request';

/** What the operator API answers (apps/web/src/api/responses/). Times are RFC 3339 in UTC. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export type Role = 'owner' | 'editor' | 'viewer';

export interface Session {
  role: Role;
  name: string;
}

export interface Publication {
  id: string;
  name: string;
  baseUrl: string;
  senderName: string;
  senderEmail: string;
  replyTo: string | null;
  postalAddress: string;
  locale: string;
  timeZone: string;
  theme: { accentColor: string; logoUrl?: string | null };
  wording: { invitation?: string | null; agreement?: string | null; button?: string | null };
  warnings: FieldError[];
}

export interface Terms {
  id: string;
  version: number;
  locale: string;
  text: string;
  sha256: string;
  createdAt: string;
}

export interface Topic {
  id: string;
  slug: string;
  name: string;
  description: string | null;
}

export interface ArticleItem {
  id: string;
  slug: string;
  url: string | null;
  pageUrl: string;
  title: string;
  summary: string;
  author: string | null;
  imageUrl: string | null;
  topics: Pick<Topic, 'id' | 'slug' | 'name'>[];
  publishedAt: string;
  embargoUntil: string | null;
  retractedAt: string | null;
  draft: boolean;
  state: ArticleState;
  priority: number;
  breaking: boolean;
  correction: string | null;
  correctedAt: string | null;
  feedId: string | null;
  sourceChangedAt: string | null;
  createdAt: string;
}

export type ArticleState = 'draft' | 'scheduled' | 'embargoed' | 'published' | 'retracted';

export interface Correction {
  editions: { id: string; digestId: string }[];
  /** An estimate. */
  recipients: number;
}

export type ArticleFormat = 'markdown' | 'html' | 'text';

export interface Article extends ArticleItem {
  format: ArticleFormat;
  body: string;
  html: string;
  text: string;
}

export type SkipOrSend = 'skip' | 'send';
export type OrderRule = 'pin' | 'priority' | 'recency';

export interface Schedule {
  cron: string;
  /** Null: the publication's. */
  timeZone: string | null;
  readerLocal: boolean;
}

export interface Digest {
  id: string;
  slug: string;
  name: string;
  template: string;
  subject: string | null;
  topics: string[] | null;
  isDefault: boolean;
  minArticles: number;
  maxArticles: number;
  /** Null: it goes out when an operator says so. */
  schedule: Schedule | null;
  nextAt: string | null;
  lateLimitMinutes: number;
  approval: { minutes: number; otherwise: SkipOrSend } | null;
  whenEmpty: SkipOrSend;
  emptyText: string | null;
  orderBy: OrderRule[];
  pinned: string[];
  excluded: string[];
  lookbackDays: number;
  /** Null: never. */
  repeatAfterDays: number | null;
  alertTemplate: string;
  createdAt: string;
}

interface SlotTimes {
  /** An instant; if `local`, what readers' clocks show, without a zone. */
  at: string;
  local: boolean;
  opensAt: string;
}

export type SlotStatus = 'open' | 'fired' | 'held' | 'skipped';

export interface Slot extends SlotTimes {
  id: string;
  digestId: string;
  status: SlotStatus;
  editionId: string | null;
  reason: string | null;
}

export interface CalendarEntry extends SlotTimes {
  digestId: string;
  /** `scheduled`: by hand. */
  status: SlotStatus | 'planned' | 'scheduled';
  slotId: string | null;
  editionId: string | null;
}

export interface Calendar {
  data: CalendarEntry[];
  /** There are more than it names. */
  truncated: boolean;
}

export type EditionStatus =
  'draft' | 'scheduled' | 'preparing' | 'sending' | 'paused' | 'sent' | 'cancelled' | 'failed';

export const DELIVERY_STATUSES = [
  'queued',
  'claimed',
  'accepted',
  'deferred',
  'failed',
  'suppressed',
  'expired',
  'uncertain',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export type Counts = Record<DeliveryStatus | 'recipients', number>;

export interface Edition {
  id: string;
  digestId: string;
  slug: string;
  status: EditionStatus;
  statusReason: string | null;
  /** Null: it is not paused. */
  pausedBy: { kind: 'operator' | 'service'; name: string | null } | null;
  kind: 'regular' | 'alert' | 'correction';
  /** `auto`: its articles are chosen for each reader when a wave is due. */
  selection: 'list' | 'auto';
  slotId: string | null;
  /** Null: it needs none. */
  approval: 'waiting' | 'approved' | 'declined' | null;
  /** What an alert or a correction is about. */
  articleId?: string | null;
  note?: string | null;
  nextWaveAt: string | null;
  lastWaveAt?: string | null;
  /** How many were frozen. */
  waves?: number;
  subject: string | null;
  articleIds: string[];
  sendAt: string | null;
  deadline: string | null;
  predictedFinishAt: string | null;
  late: boolean;
  warnings: string[];
  counts: Counts;
  startedAt: string | null;
  finishedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Delivery {
  subscriberId: string;
  status: DeliveryStatus;
  attempts: number;
  inDoubt: boolean;
  smtpCode: number | null;
  smtpReply: string | null;
  messageId: string;
  dueAt: string;
  acceptedAt: string | null;
  updatedAt: string;
}

export const SUBSCRIBER_STATUSES = ['pending', 'active', 'unsubscribed', 'bounced', 'complained'] as const;
export type SubscriberStatus = (typeof SUBSCRIBER_STATUSES)[number];

export type Cadence = 'every' | 'daily' | 'weekly' | 'breaking';

export interface Subscription {
  digestId: string;
  slug: string;
  name: string;
  /** Null: all; empty: what was chosen is gone. */
  topics: string[] | null;
  cadence: Cadence;
  /** 1 Monday to 7 Sunday; null: any. */
  weekday: number | null;
  /** Of the reader's own clock; null: the digest's time. */
  hour: number | null;
  alerts: boolean;
  /** `2027-01-31`: the first day with mail again. */
  pausedUntil: string | null;
}

export interface Subscriber {
  id: string;
  email: string;
  name: string | null;
  locale: string;
  timeZone: string | null;
  status: SubscriberStatus;
  suppressed: boolean;
  attributes: Record<string, unknown>;
  followsDefaults: boolean;
  digests: Subscription[];
  confirmedAt: string | null;
  unsubscribedAt: string | null;
  createdAt: string;
}

export interface Consent {
  id: string;
  kind: 'given' | 'confirmed' | 'withdrawn';
  method: string;
  form: string | null;
  sentence: string | null;
  termsSha256: string | null;
  purposes: string[];
  locale: string;
  pageUrl: string | null;
  submittedAt: string;
  confirmedAt: string | null;
}

export interface Feed {
  id: string;
  url: string;
  name: string;
  enabled: boolean;
  topics: string[];
  /** Category → topic; null: it gives none. */
  categoryTopics: Record<string, string | null>;
  everyMinutes: number;
  dueAt: string;
  polledAt: string | null;
  succeededAt: string | null;
  failures: number;
  lastError: string | null;
  warning: string | null;
}

export interface FeedPoll extends Feed {
  outcome: {
    status: 'ok' | 'unchanged' | 'failed';
    counts: Record<'added' | 'updated' | 'noted' | 'history' | 'unchanged' | 'unusable', number>;
  };
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  role: Role;
  createdAt: string;
  lastUsedAt: string | null;
}

export type TransportSecurity = 'tls' | 'starttls' | 'opportunistic' | 'none';
export type TransportAuth = 'none' | 'password' | 'xoauth2';

export interface DomainRule {
  domains: string[];
  connections: number | null;
  perSecond: number | null;
}

export interface Transport {
  id: string;
  name: string;
  origin: 'environment' | 'operator';
  enabled: boolean;
  host: string | null;
  port: number;
  security: TransportSecurity;
  verifyCertificate: boolean;
  clientName: string | null;
  auth: { method: TransportAuth; user: string | null };
  hasSecret: boolean;
  weight: number;
  connections: number;
  limits: { perSecond: number | null; perHour: number | null; perDay: number | null };
  warmUp: { startPerDay: number; growthPercent: number; ceilingPerDay: number; startedOn: string } | null;
  domainRules: DomainRule[] | null;
  restingUntil: string | null;
  lastError: string | null;
  lastErrorAt: string | null;
  usedThisHour: number;
  usedToday: number;
  allowedToday: number | null;
}

export interface TransportTest {
  ok: boolean;
  tls: { protocol: string; cipher: string; verified: boolean } | null;
  authenticated: boolean;
  capabilities: {
    pipelining: boolean;
    smtpUtf8: boolean;
    eightBitMime: boolean;
    maxSize: number | null;
  } | null;
  sent: boolean;
  reply: string | null;
  error: string | null;
  milliseconds: number;
}

export interface DkimKey {
  domain: string;
  selector: string;
  algorithm: 'rsa' | 'ed25519';
  record: { name: string; type: 'TXT'; value: string; zoneFile: string };
}
