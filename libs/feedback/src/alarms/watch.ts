import { Injectable } from '@nestjs/common';
import type { AlarmCause } from '#database/schema/index.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { Finding } from './finding.js';
import { bouncesTooMuch, complaintLevel, RATE_WINDOW_MS, type Rate } from './rates.js';
import { WorldRepository, type Broken, type TroubledEdition } from './world.repository.js';

const MINUTE_MS = 60_000;
/** An edition begins within a minute of its time; what has not after ten does not by itself. */
const LATE_START_MS = 10 * MINUTE_MS;
/** One that failed and that nobody has acted on in a week is history. */
const FAILED_NEWS_MS = 7 * 1_440 * MINUTE_MS;
/** One or two failed polls of a feed are everyday. */
const FEED_FAILURES = 3;
/** But a feed that is polled daily is broken before it has failed three times. */
const FEED_SILENCE_MS = 1_440 * MINUTE_MS;
/** Shorter rests are a server's hiccup. */
const TRANSPORT_REST_MS = MINUTE_MS;
/** A mailbox that breaks off is read again in seconds. */
const WAY_IN_MS = 2 * MINUTE_MS;

type Look = (publication: { id: string; name: string }, now: Date) => Promise<Finding[]>;

/** The causes that are looked for; the others are raised where they happen. */
export type WatchedCause = Exclude<AlarmCause, 'records_changed' | 'returned_mail_unread'>;

/** Looks at the state of the world for what operators should know. */
@Injectable()
export class Watch {
  constructor(private readonly world: WorldRepository) {}

  readonly looks: Record<WatchedCause, Look> = {
    edition_paused: async ({ id }) =>
      (await this.world.paused(id)).map((row) => ofEdition(id, 'edition_paused', row)),

    edition_failed: async ({ id }, now) =>
      (await this.world.failed(id, before(now, FAILED_NEWS_MS))).map((row) =>
        ofEdition(id, 'edition_failed', row),
      ),

    edition_late: async ({ id }, now) =>
      (await this.world.late(id, before(now, LATE_START_MS))).map(({ id: subject, since, ...detail }) => ({
        publicationId: id,
        cause: 'edition_late',
        subject,
        detail,
        since: new Date(since),
      })),

    provider_blocking: async ({ id }) =>
      (await this.world.blocking()).map(({ domain, since, reason, ...rest }) => ({
        publicationId: id,
        cause: 'provider_blocking',
        subject: domain,
        detail: { name: domain, ...rest, reason: said(reason) },
        since: since ? new Date(since) : undefined,
      })),

    complaint_rate: async ({ id, name }, now) => {
      const since = before(now, RATE_WINDOW_MS);
      const { complaints, accepted } = await this.world.totals(id, since);
      const all = { scope: 'publication', name, days: RATE_WINDOW_MS / 86_400_000 };
      const found = [complaintsOf(id, id, all, { count: complaints, of: accepted })];
      for (const { id: editionId, digestId, ...its } of await this.world.ofEditions(id, since)) {
        const about = { scope: 'edition', name: its.name, digestId };
        found.push(complaintsOf(id, editionId, about, { count: its.complaints, of: its.accepted }));
      }
      return found.flatMap((one) => one ?? []);
    },

    bounce_rate: async ({ id }, now) =>
      (await this.world.ofEditions(id, before(now, RATE_WINDOW_MS))).flatMap(
        ({ id: subject, digestId, name, bounces, accepted, failed }) => {
          const rate = { count: bounces, of: accepted + failed };
          const detail = { name, digestId, ...shown(rate) };
          return bouncesTooMuch(rate) ? [{ publicationId: id, cause: 'bounce_rate', subject, detail }] : [];
        },
      ),

    feed_broken: async ({ id }, now) =>
      (await this.world.brokenFeeds(id, FEED_FAILURES, before(now, FEED_SILENCE_MS))).map((row) =>
        ofBroken(id, 'feed_broken', row),
      ),

    transport_resting: async ({ id }, now) =>
      (await this.world.restingTransports(id, now, TRANSPORT_REST_MS)).map(({ until, ...row }) =>
        ofBroken(id, 'transport_resting', row, { restingUntil: until }),
      ),

    mailbox_unreachable: async ({ id }, now) =>
      (await this.world.brokenWaysIn(before(now, WAY_IN_MS))).map((row) =>
        ofBroken(id, 'mailbox_unreachable', row),
      ),
  };
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

/** Somebody's words, addresses taken out. */
function said(words: string | null): string | null {
  return words === null ? null : scrub(words);
}

function shown({ count, of }: Rate) {
  return { count, of, rate: of > 0 ? Number((count / of).toFixed(6)) : 0 };
}

function ofEdition(
  publicationId: string,
  cause: AlarmCause,
  { id, digestId, name, reason, since }: TroubledEdition,
): Finding {
  const detail = { name, digestId, reason: said(reason) };
  return { publicationId, cause, subject: id, detail, since: new Date(since) };
}

function ofBroken(
  publicationId: string,
  cause: AlarmCause,
  { id, name, reason, since }: Broken,
  more: Record<string, unknown> = {},
): Finding {
  const detail = { name, reason: said(reason), ...more };
  return { publicationId, cause, subject: id, detail, since: since ? new Date(since) : undefined };
}

function complaintsOf(
  publicationId: string,
  subject: string,
  about: Record<string, unknown>,
  rate: Rate,
): Finding | null {
  const level = complaintLevel(rate);
  if (!level) return null;
  return { publicationId, cause: 'complaint_rate', subject, detail: { ...about, level, ...shown(rate) } };
}
