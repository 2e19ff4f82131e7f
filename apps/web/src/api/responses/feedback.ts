import { z } from 'zod';
import { REPLY_CLASSES, REPLY_SUBJECTS } from '#delivery/replies/reply.js';
import { RETURN_KINDS } from '#feedback/reading/returned-mail.js';
import { id, instant, orNull } from './common.js';

const bounceClass = z
  .enum(REPLY_CLASSES)
  .describe('`hard`: the address is dead; `soft`: it may work later; `blocked`: it is about us.');

const returnResult = z
  .object({
    recipient: orNull(z.string()).describe('The address that failed or complained; null: it is not told.'),
    class: orNull(bounceClass).describe('Null: it is no bounce.'),
    status: orNull(z.string()).describe('The enhanced status code.'),
    reason: z.string().describe('The words, addresses taken out.'),
    subscriberId: orNull(id).describe('Null: no reader of ours.'),
    editionId: orNull(id),
    action: z.enum(['suppressed', 'counted', 'rested', 'unsubscribed', 'none']),
  })
  .meta({ id: 'ReturnResult' });

/** What became of a mail that came back. */
export const ingestedView = z
  .object({ kind: z.enum(RETURN_KINDS), results: z.array(returnResult) })
  .meta({ id: 'ReturnedMessage' });

/** What a reply means. */
export const replyReading = z
  .object({
    class: bounceClass,
    about: z.enum(REPLY_SUBJECTS),
    status: orNull(z.string()),
  })
  .meta({ id: 'ReplyReading' });

export const feedbackEventView = z
  .object({
    id,
    kind: z.string(),
    class: orNull(z.string()),
    status: orNull(z.string()),
    reason: orNull(z.string()),
    subscriberId: orNull(id),
    editionId: orNull(id),
    way: z.string().describe('`dialogue`, `page`, or how it came back: `smtp`, `imap`, `api`, `hook`.'),
    at: instant,
  })
  .meta({ id: 'FeedbackEvent' });

const wayInView = z
  .object({
    name: z.enum(['imap', 'smtp']),
    isWell: z.boolean(),
    since: instant,
    problem: orNull(z.string()),
    lastMessageAt: orNull(instant),
    updatedAt: instant,
  })
  .meta({ id: 'WayIn' });

export const waysIn = z.object({ data: z.array(wayInView) }).meta({ id: 'WaysIn' });
