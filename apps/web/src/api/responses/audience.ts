import { z } from 'zod';
import { CADENCES, SUBSCRIBER_STATUSES, SUPPRESSION_REASONS } from '#database/schema/index.js';
import { count, id, instant, orNull } from './common.js';

const subscriptionView = z
  .object({
    digestId: id,
    slug: z.string(),
    name: z.string(),
    topics: orNull(z.array(id)).describe('Null: all; empty: what was chosen is gone.'),
    cadence: z.enum(CADENCES),
    weekday: orNull(z.int()).describe('With `weekly`: 1 Monday to 7 Sunday; null: any.'),
    hour: orNull(z.int()).describe("The reader's local hour; null: the digest's time."),
    alerts: z.boolean().describe('Breaking articles too, at once.'),
    pausedUntil: orNull(z.iso.date()).describe('The first day with mail again; null: not paused.'),
  })
  .meta({ id: 'Subscription' });

export const subscriberView = z
  .object({
    id,
    email: z.string(),
    name: orNull(z.string()),
    locale: z.string(),
    timeZone: orNull(z.string()),
    status: z.enum(SUBSCRIBER_STATUSES),
    suppressed: z.boolean(),
    attributes: z.record(z.string(), z.unknown()),
    followsDefaults: z.boolean(),
    digests: z.array(subscriptionView),
    measuredSince: orNull(instant).describe('Since when they agree to be measured; null: they do not.'),
    confirmedAt: orNull(instant),
    unsubscribedAt: orNull(instant),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Subscriber' });

/** How many there are of what a list shows. */
const total = z
  .object({ value: count, exact: z.boolean().describe('False: about so many.') })
  .meta({ id: 'Total' });

export const subscriberPage = z
  .object({
    data: z.array(subscriberView),
    nextCursor: orNull(z.string()).describe('Null on the last page.'),
    total: orNull(total).describe(
      'Null on a later page whose total was an estimate: it is as the first page said.',
    ),
  })
  .meta({ id: 'SubscriberPage' });

const byStatus = {
  ...(Object.fromEntries(SUBSCRIBER_STATUSES.map((status) => [status, count])) as Record<
    (typeof SUBSCRIBER_STATUSES)[number],
    typeof count
  >),
  total: count,
};

export const readerCounts = z
  .object({
    readers: z.object(byStatus),
    locales: z.array(z.object({ locale: z.string(), ...byStatus })),
    sources: z.array(
      z.object({ source: z.string().describe('Which form they came by first.'), ...byStatus }),
    ),
    digests: z.array(z.object({ digestId: id, slug: z.string(), name: z.string(), ...byStatus })),
    topics: z
      .array(z.object({ topicId: id, digestId: id, slug: z.string(), name: z.string(), ...byStatus }))
      .describe('By digest: who chose the topic in it by name.'),
  })
  .meta({ id: 'ReaderCounts' });

export const consentView = z
  .looseObject({
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
  })
  .meta({ id: 'Consent' });

export const importReport = z
  .looseObject({
    imported: count,
    updated: count,
    skipped: count,
    errors: z.array(z.object({ line: z.int(), field: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: 'ImportReport' });

export const suppressionView = z
  .object({
    id,
    reason: z.enum(SUPPRESSION_REASONS),
    note: orNull(z.string()),
    returnedItemId: orNull(id).describe('What came back and told it.'),
    subscriberId: orNull(id),
    createdAt: instant,
  })
  .meta({ id: 'Suppression' });

/** All that is held; it grows with what is held. */
export const subscriberData = z.looseObject({}).meta({ id: 'SubscriberData' });

export const consentVerification = z
  .object({
    ok: z.boolean(),
    rows: count,
    seals: count,
    unsealed: count.describe('Rows that no seal holds yet: the next tick seals them.'),
    erasedEvidence: count,
    head: orNull(z.object({ number: z.int(), sha256: z.string() })).describe(
      'The last seal; noted elsewhere, it finds a tail that was cut off.',
    ),
    problems: z.array(z.object({ kind: z.string(), id: z.string(), message: z.string() })),
  })
  .meta({ id: 'ConsentVerification' });
