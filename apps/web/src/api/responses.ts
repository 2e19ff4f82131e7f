import { z } from 'zod';
import {
  APPROVALS,
  CADENCES,
  EDITION_KINDS,
  EDITION_STATUSES,
  ORDER_RULES,
  SELECTIONS,
  SKIP_OR_SEND,
  SLOT_STATUSES,
  SUBSCRIBER_STATUSES,
  SUPPRESSION_REASONS,
  TRANSPORT_AUTH,
  TRANSPORT_SECURITY,
} from '#database/schema/index.js';
import { ARTICLE_STATES } from '#content/article-state.js';
import { ROLES } from '#operators/api-key.service.js';

/** The shapes of answers, for the OpenAPI document. */
const id = z.string().describe('Opaque.');
const instant = z.iso.datetime().describe('RFC 3339, UTC.');
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();

export const pageOf = (item: z.ZodType) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page.') });

const fieldError = z.object({ field: z.string(), code: z.string(), message: z.string() });

export const publicationView = z.object({
  id,
  name: z.string(),
  baseUrl: z.string(),
  senderName: z.string(),
  senderEmail: z.string(),
  replyTo: orNull(z.string()),
  postalAddress: z.string(),
  locale: z.string(),
  timeZone: z.string(),
  theme: z.object({ accentColor: z.string(), logoUrl: orNull(z.string()).optional() }),
  wording: z.record(z.string(), orNull(z.string())),
  warnings: z.array(fieldError).describe('What would keep mail from being lawful or from arriving.'),
  createdAt: instant,
  updatedAt: instant,
});

export const termsView = z.object({
  id,
  version: z.int(),
  locale: z.string(),
  text: z.string(),
  sha256: z.string(),
  createdAt: instant,
});

export const topicView = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  description: orNull(z.string()),
  createdAt: instant,
});

export const articleListItem = z.object({
  id,
  slug: z.string(),
  url: orNull(z.string()),
  pageUrl: z.string().describe('Its page on this site.'),
  title: z.string(),
  summary: z.string(),
  author: orNull(z.string()),
  imageUrl: orNull(z.string()),
  topics: z.array(z.object({ id, slug: z.string(), name: z.string() })),
  publishedAt: instant,
  embargoUntil: orNull(instant),
  retractedAt: orNull(instant),
  draft: z.boolean().describe('Neither shown nor sent until it is set to false.'),
  state: z.enum(ARTICLE_STATES).describe('Only a published one is shown and sent.'),
  priority: z.int().describe('The higher comes first where the digest is ordered by priority.'),
  breaking: z.boolean().describe('Goes at once to those who asked for alerts.'),
  releasedAt: instant.describe('When it was put out: made, released from being a draft, or let go early.'),
  newsAt: instant.describe(
    'Since when it is news: the latest of `releasedAt`, `publishedAt` and `embargoUntil`.',
  ),
  correction: orNull(z.string()).describe('The words of the last correction.'),
  correctedAt: orNull(instant),
  feedId: orNull(id).describe('The feed it came with.'),
  sourceChangedAt: orNull(instant).describe(
    'Its feed changed the story after readers had it, or after an operator did; the change was not taken over.',
  ),
  createdAt: instant,
  updatedAt: instant,
});

export const articleView = articleListItem.extend({
  format: z.enum(['markdown', 'html', 'text']),
  body: z.string().describe('As it was given.'),
  html: z.string().describe('Sanitised.'),
  text: z.string(),
});

export const correctionView = z.object({
  id,
  correction: z.string(),
  correctedAt: instant,
  editions: z
    .array(z.object({ id, digestId: id }))
    .describe(
      'Those that mail it: one for each digest that the article was sent with. None: no reader has it.',
    ),
  recipients: z.int().min(0).describe('How many readers have the article, or are getting it; an estimate.'),
});

export const feedView = z.object({
  id,
  url: z.string().describe('Follows permanent redirects.'),
  name: z.string(),
  enabled: z.boolean(),
  topics: z.array(id),
  categoryTopics: z.record(z.string(), orNull(id)).describe('By category, in lower case.'),
  everyMinutes: z.int(),
  dueAt: instant.describe('When it is polled next, while it is enabled.'),
  polledAt: orNull(instant),
  succeededAt: orNull(instant),
  failures: z.int().min(0).describe('In a row.'),
  lastError: orNull(z.string()).describe('Null: the last poll went well.'),
  warning: orNull(z.string()).describe('What of the feed could not be used.'),
  createdAt: instant,
  updatedAt: instant,
});

const entries = z.int().min(0);
export const feedPollView = feedView.extend({
  outcome: z.object({
    status: z
      .enum(['ok', 'unchanged', 'failed'])
      .describe('`unchanged`: the server said so. `failed`: see `lastError`.'),
    counts: z.object({
      added: entries,
      updated: entries,
      noted: entries.describe('Changed after readers or operators had done something with the article.'),
      history: entries.describe('From before the feed was added.'),
      unchanged: entries,
      unusable: entries,
    }),
  }),
});

export const digestView = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  template: z.string(),
  subject: orNull(z.string()),
  topics: orNull(z.array(id)),
  isDefault: z.boolean(),
  minArticles: z.int(),
  maxArticles: z.int(),
  schedule: orNull(
    z.object({
      cron: z.string(),
      timeZone: orNull(z.string()).describe("Null: the publication's."),
      readerLocal: z.boolean(),
    }),
  ).describe('Null: it goes out only when an operator says so.'),
  nextAt: orNull(instant).describe('When the next mail of it is due; null: none is.'),
  lateLimitMinutes: z.int(),
  approval: orNull(z.object({ minutes: z.int(), otherwise: z.enum(SKIP_OR_SEND) })),
  whenEmpty: z.enum(SKIP_OR_SEND),
  emptyText: orNull(z.string()),
  orderBy: z.array(z.enum(ORDER_RULES)),
  pinned: z.array(id),
  excluded: z.array(id),
  lookbackDays: z.int(),
  repeatAfterDays: orNull(z.int()),
  templates: z.record(z.string(), z.string()),
  alertTemplate: z.string(),
  archivedAt: orNull(instant),
  createdAt: instant,
  updatedAt: instant,
});

const slotTimes = {
  at: z
    .string()
    .describe("RFC 3339, UTC; if `local`, what readers' clocks show: `2026-11-23T07:00:00`, without a zone."),
  local: z.boolean(),
  opensAt: instant.describe('When its first readers are due.'),
  closesAt: instant.describe('After this nobody is due any more.'),
};

export const slotView = z.object({
  id,
  digestId: id,
  ...slotTimes,
  status: z
    .enum(SLOT_STATUSES)
    .describe("`open`: drafted, waits for an operator's yes. `held`: was missed, waits for an operator."),
  editionId: orNull(id),
  reason: orNull(z.string()),
  decidedAt: orNull(instant),
  createdAt: instant,
});

export const calendarView = z.object({
  data: z
    .array(
      z.object({
        digestId: id,
        ...slotTimes,
        status: z.enum(['planned', ...SLOT_STATUSES]),
        slotId: orNull(id).describe('Null: not made yet.'),
        editionId: orNull(id),
      }),
    )
    .describe('Ascending.'),
  truncated: z.boolean().describe("There are more; ask again from the last one's time."),
});

const count = z.int().min(0);

/** Readers of an edition with the same send time. */
export const waveView = z.object({
  wave: count,
  at: instant.describe('When it was meant to go.'),
  cutoff: instant.describe('What was news by then is in it.'),
  recipients: count,
  variants: count,
  frozenAt: instant,
});

export const editionView = z.object({
  id,
  digestId: id,
  slug: z.string(),
  status: z.enum(EDITION_STATUSES),
  statusReason: orNull(z.string()).describe('Why it is paused, failed or cancelled.'),
  kind: z.enum(EDITION_KINDS),
  selection: z
    .enum(SELECTIONS)
    .describe('`list`: of the articles named; `auto`: they are chosen anew for each wave.'),
  slotId: orNull(id).describe('The slot it was made for; null: by hand.'),
  approval: orNull(z.enum(APPROVALS)).describe('Null: it needs none.'),
  approvedAt: orNull(instant),
  waves: count.describe('Frozen so far.'),
  lastWaveAt: orNull(instant),
  nextWaveAt: orNull(instant).describe('When its next readers are due; null: none are to come.'),
  articleId: orNull(id).describe('What an alert or a correction is about.'),
  note: orNull(z.string()).describe('The words of a correction.'),
  subject: orNull(z.string()),
  articleIds: z.array(id),
  sendAt: orNull(instant),
  deadline: orNull(instant).describe('By when the last message should be accepted.'),
  predictedFinishAt: orNull(instant).describe(
    'When the last message will be accepted, as far as one can tell.',
  ),
  late: z.boolean().describe('The deadline was missed, or will be by the prediction.'),
  warnings: z.array(z.string()),
  counts: z
    .object({
      recipients: count,
      queued: count,
      claimed: count,
      accepted: count,
      deferred: count,
      failed: count,
      suppressed: count,
      expired: count,
      uncertain: count,
    })
    .describe('Every frozen recipient is in exactly one of the states.'),
  startedAt: orNull(instant),
  finishedAt: orNull(instant),
  createdAt: instant,
  updatedAt: instant,
});

export const deliveryView = z.object({
  subscriberId: id,
  status: z.enum([
    'queued',
    'claimed',
    'accepted',
    'deferred',
    'failed',
    'suppressed',
    'expired',
    'uncertain',
  ]),
  attempts: z.int(),
  inDoubt: z.boolean().describe('A process died while it was on the wire; a resend may have doubled it.'),
  smtpCode: orNull(z.int()),
  smtpReply: orNull(z.string()),
  messageId: z.string(),
  dueAt: instant,
  acceptedAt: orNull(instant),
  updatedAt: instant,
});

export const subscriberView = z.object({
  id,
  email: z.string(),
  name: orNull(z.string()),
  locale: z.string(),
  timeZone: orNull(z.string()),
  status: z.enum(SUBSCRIBER_STATUSES),
  suppressed: z.boolean(),
  attributes: z.record(z.string(), z.unknown()),
  followsDefaults: z.boolean(),
  digests: z.array(
    z.object({
      digestId: id,
      slug: z.string(),
      name: z.string(),
      topics: orNull(z.array(id)).describe('Null: all; empty: what was chosen is gone.'),
      cadence: z.enum(CADENCES),
      weekday: orNull(z.int()).describe('With `weekly`: 1 Monday to 7 Sunday; null: any.'),
      hour: orNull(z.int()).describe("The reader's local hour; null: the digest's time."),
      alerts: z.boolean().describe('Breaking articles too, at once.'),
      pausedUntil: orNull(z.iso.date()).describe('The first day with mail again; null: not paused.'),
    }),
  ),
  confirmedAt: orNull(instant),
  unsubscribedAt: orNull(instant),
  createdAt: instant,
  updatedAt: instant,
});

export const consentView = z.looseObject({
  id,
  kind: z.enum(['given', 'confirmed', 'withdrawn']),
  method: z.string(),
  form: orNull(z.string()),
  sentence: orNull(z.string()).describe('The exact sentence shown.'),
  termsSha256: orNull(z.string()),
  purposes: z.array(z.string()),
  locale: z.string(),
  pageUrl: orNull(z.string()),
  submittedAt: instant,
  confirmedAt: orNull(instant),
});

export const importReport = z.looseObject({
  imported: count,
  updated: count,
  skipped: count,
  errors: z.array(z.object({ line: z.int(), field: z.string(), code: z.string(), message: z.string() })),
});

export const suppressionView = z.object({
  id,
  reason: z.enum(SUPPRESSION_REASONS),
  note: orNull(z.string()),
  subscriberId: orNull(id),
  createdAt: instant,
});

export const apiKeyView = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  role: z.enum(ROLES),
  createdAt: instant,
  lastUsedAt: orNull(instant),
});

const limit = orNull(z.int().min(1));
const dkimKey = { domain: z.string(), selector: z.string() };
export const transportView = z.object({
  id,
  name: z.string(),
  origin: z.enum(['environment', 'operator']).describe('`environment`: made from SMTP_URL.'),
  enabled: z.boolean(),
  host: orNull(z.string()).describe('Null: SMTP_URL is unset.'),
  port: z.int(),
  security: z.enum(TRANSPORT_SECURITY),
  verifyCertificate: z.boolean(),
  clientName: orNull(z.string()),
  auth: z.object({ method: z.enum(TRANSPORT_AUTH), user: orNull(z.string()) }),
  hasSecret: z.boolean().describe('A password or token is kept. It is never given out.'),
  weight: count,
  connections: z.int().min(1),
  limits: z.object({ perSecond: limit, perHour: limit, perDay: limit }),
  warmUp: orNull(
    z.object({
      startPerDay: z.int(),
      growthPercent: z.number(),
      ceilingPerDay: z.int(),
      startedOn: z.string(),
    }),
  ),
  domainRules: orNull(
    z.array(z.object({ domains: z.array(z.string()), connections: limit, perSecond: limit })),
  ).describe('Null: the defaults for the big mailbox providers.'),
  dkim: z.array(z.object({ ...dkimKey, algorithm: z.enum(['rsa-sha256', 'ed25519-sha256']) })),
  restingUntil: orNull(instant).describe('It failed and is left alone until then.'),
  lastError: orNull(z.string()),
  lastErrorAt: orNull(instant),
  usedThisHour: count,
  usedToday: count,
  allowedToday: orNull(count).describe('By limit and warm-up. Null: no limit.'),
  createdAt: instant,
  updatedAt: instant,
});

export const transportTestView = z.object({
  ok: z.boolean(),
  tls: orNull(z.object({ protocol: z.string(), cipher: z.string(), verified: z.boolean() })),
  authenticated: z.boolean(),
  capabilities: orNull(
    z.object({
      pipelining: z.boolean(),
      smtpUtf8: z.boolean(),
      eightBitMime: z.boolean(),
      maxSize: orNull(z.int()).describe('Bytes.'),
    }),
  ),
  sent: z.boolean(),
  reply: orNull(z.string()),
  error: orNull(z.string()).describe("What went wrong, in the server's words where they are its."),
  milliseconds: z.int(),
});

export const dkimKeyView = z.object({
  ...dkimKey,
  algorithm: z.enum(['rsa', 'ed25519']),
  record: z
    .object({ name: z.string(), type: z.literal('TXT'), value: z.string(), zoneFile: z.string() })
    .describe('What belongs into DNS.'),
});
