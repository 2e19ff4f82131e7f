import { z } from 'zod';
import { ARTICLE_STATES } from '#content/articles/article-state.js';
import { APPROVALS, EDITION_KINDS, EDITION_STATUSES, SECTIONS, SELECTIONS } from '#database/schema/index.js';
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
    preheader: orNull(z.string()).describe(
      'What inboxes show beside the subject; Liquid. Null: made from the articles.',
    ),
    intro: orNull(z.string()).describe('What the editor says before the articles; Markdown.'),
    articleIds: z.array(id),
    stories: z
      .array(
        z.object({
          articleId: id,
          title: z.string(),
          section: orNull(z.enum(SECTIONS)).describe('Null: the edition is not divided.'),
          state: z.enum(ARTICLE_STATES).describe('A draft keeps the edition from being sent.'),
        }),
      )
      .describe('The same, each with its section.'),
    version: z.int().describe('Goes up with each change of what is in it; also the `ETag`.'),
    heldUntil: orNull(instant).describe(
      'It was sent, and until then `undo` takes it back. Null: it is not held.',
    ),
    sendAt: orNull(instant),
    deadline: orNull(instant).describe('By when the last message should be accepted.'),
    predictedFinishAt: orNull(instant).describe(
      'When the last message will be accepted, as far as one can tell.',
    ),
    perSecond: orNull(z.number()).describe('Outcomes a second, lately. Null: not known, or finished.'),
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

/** What an operator changed in one go. */
export const versionView = z
  .object({
    version: z.int(),
    by: orNull(z.string()).describe('The operator or key; null: as it was before anybody changed it.'),
    at: instant,
    fields: z
      .array(z.string())
      .describe('What was changed: `subject`, `preheader`, `intro`, `stories`, `sendAt`, `deadline`.'),
    draft: z.object({
      subject: orNull(z.string()),
      preheader: orNull(z.string()),
      intro: orNull(z.string()),
      stories: z.array(z.object({ articleId: id, section: orNull(z.enum(SECTIONS)) })),
      sendAt: orNull(instant),
      deadline: orNull(instant),
    }),
  })
  .meta({ id: 'EditionVersion' });

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
