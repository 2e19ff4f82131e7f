import { z } from 'zod';
import { APPROVALS, EDITION_KINDS, EDITION_STATUSES, SELECTIONS } from '#database/schema/index.js';
import { count, id, instant, orNull } from './common.js';

/** Readers of an edition with the same send time. */
export const waveView = z
  .object({
    wave: count,
    at: instant.describe('When it was meant to go.'),
    cutoff: instant.describe('What was news by then is in it.'),
    recipients: count,
    variants: count,
    frozenAt: instant,
  })
  .meta({ id: 'Wave' });

export const editionView = z
  .object({
    id,
    digestId: id,
    slug: z.string(),
    status: z.enum(EDITION_STATUSES),
    statusReason: orNull(z.string()).describe('Why it is paused, failed or cancelled.'),
    pausedBy: orNull(
      z.object({
        kind: z.enum(['operator', 'service']),
        name: orNull(z.string()).describe('Of the operator or the API key.'),
      }),
    ).describe('Who paused it: a person, or the service by itself. Null: it is not paused.'),
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
  })
  .meta({ id: 'Edition' });

export const deliveryView = z
  .object({
    subscriberId: id,
    email: orNull(z.string()).describe(
      'Null: the reader was erased. `j•••@example.org` without the right `readers:read`.',
    ),
    name: orNull(z.string()).describe('Null without the right `readers:read`.'),
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
  })
  .meta({ id: 'Delivery' });

export const outcomeView = z
  .object({
    status: z
      .enum(['accepted', 'deferred', 'failed', 'expired', 'uncertain'])
      .describe('Of `deferred` each try counts that was put off; of the others each message.'),
    class: z.enum(['hard', 'soft', 'blocked', 'none']).describe('What the reply means.'),
    code: orNull(z.int()).describe('The SMTP code; null: none was said.'),
    words: z.string().describe("The server's words, without addresses, hosts and numbers of its own."),
    provider: z.string(),
    count,
  })
  .meta({ id: 'EditionOutcome' });

export const queuedMails = z.object({ queued: z.int() }).meta({ id: 'QueuedMails' });
