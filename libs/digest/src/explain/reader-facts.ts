import type { Cadence, DeliveryStatus, SubscriberStatus } from '#database/schema/index.js';
import type { PastWave } from '../selection/candidate.repository.js';

/** A reader, and what they asked for of one digest. No address. */
export interface ReaderFacts {
  id: string;
  status: SubscriberStatus;
  timeZone: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  /** Since when mail to them is suppressed; null: it is not. */
  suppressedAt: Date | null;
  /** Null: they have not subscribed to the digest. */
  subscription: {
    topics: string[] | null;
    cadence: Cadence;
    weekday: number | null;
    hour: number | null;
    alerts: boolean;
    pausedUntil: string | null;
    createdAt: Date;
  } | null;
}

/** A mail that a reader has, is getting or may have, or that failed. */
export interface ReaderMail extends PastWave {
  slug: string;
  status: DeliveryStatus;
  frozenAt: Date;
  acceptedAt: Date | null;
  /** Ids, in the order of the mail. */
  got: string[];
  more: boolean;
}

/** An article as it stands now. */
export interface ArticleFacts {
  id: string;
  title: string;
  publishedAt: Date;
  newsAt: Date;
  embargoUntil: Date | null;
  retractedAt: Date | null;
  draft: boolean;
  createdAt: Date;
  /** Ids. */
  topics: string[];
}

const REACHED: readonly DeliveryStatus[] = ['accepted', 'uncertain', 'queued', 'claimed'];

/** Whether the mail counts as had: they got it, are getting it, or may have. */
export function reached({ status }: Pick<ReaderMail, 'status'>): boolean {
  return REACHED.includes(status);
}
