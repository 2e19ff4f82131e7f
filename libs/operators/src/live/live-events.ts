import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DomainError } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import type { Caller } from '../rights/caller.js';
import { EventFeedRepository, type FeedEvent } from './event-feed.repository.js';
import { mayHear } from './may-hear.js';

/** What a listener hears. Without a place it cannot be asked for again, and need not be. */
export interface LiveEvent {
  seq: number | null;
  event: string;
  subject: string | null;
  at: Date;
}

/** Somebody who listens. */
export interface Listener {
  /** Read anew for each event: their rights may have changed. */
  caller: Caller;
  /** @returns false when they take no more: they are sent away, and come back for the rest */
  hear(event: LiveEvent): boolean;
  /** The server is stopping, or they fell behind. */
  end(): void;
}

interface Seat {
  listener: Listener;
  /** The place of the last event they heard. */
  heard: number;
}

/** How often the feed is read while anybody listens. */
const READ_EVERY_MS = 500;
/** Every other time the counts of deliveries are looked at: at most one event a second for each edition. */
const PROGRESS_EVERY = 2;
const READ_AT_ONCE = 500;
/** Tabs of one operator's browsers. */
const MOST_PER_CALLER = 8;
const MOST_PER_PROCESS = 500;

/**
 * Tells listeners what happens, from the feed in the database: so it does not matter which process something happened in, nor which one
 * they come back to. Nothing is read while nobody listens.
 */
@Injectable()
export class LiveEvents implements BeforeApplicationShutdown {
  private readonly seats = new Set<Seat>();
  private timer: NodeJS.Timeout | undefined;
  private reads = 0;
  /** The last count of deliveries that was told of; undefined: what lies there is old. */
  private counted: number | undefined;
  private stopped = false;

  constructor(
    private readonly feed: EventFeedRepository,
    private readonly log: Log,
  ) {}

  /**
   * Lets somebody listen: from after an event, or from now on.
   * @param after the place of the last event they heard; null: none. One that is not kept any more: they hear `reset` and are to look anew
   * @returns call it when they have gone
   * @throws DomainError `rate_limited` when they listen too often already
   */
  async listen(listener: Listener, after: number | null): Promise<() => void> {
    const { keyId } = listener.caller;
    const own = [...this.seats].filter((seat) => seat.listener.caller.keyId === keyId).length;
    if (own >= MOST_PER_CALLER || this.seats.size >= MOST_PER_PROCESS) {
      throw new DomainError('rate_limited', 'Too many connections listen already; close one first.', {
        retryAfter: 30,
      });
    }
    const seat: Seat = { listener, heard: Number.MAX_SAFE_INTEGER };
    this.seats.add(seat); // takes its place before anything is waited for
    try {
      const { oldest, newest } = await this.feed.span();
      const isKept = after !== null && after >= oldest - 1 && after <= newest;
      seat.heard = isKept ? after : newest;
      if (!isKept) {
        listener.hear({
          seq: newest,
          event: after === null ? 'ready' : 'reset',
          subject: null,
          at: new Date(),
        });
      }
    } catch (error) {
      this.leave(seat);
      throw error;
    }
    if (this.stopped) listener.end();
    this.readSoon();
    return () => this.leave(seat);
  }

  /** Ends all streams, so that the server can close. */
  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const { listener } of this.seats) listener.end();
    this.seats.clear();
  }

  private leave(seat: Seat): void {
    this.seats.delete(seat);
    if (this.seats.size > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.counted = undefined;
  }

  private readSoon(): void {
    if (this.timer || this.stopped || this.seats.size === 0) return;
    this.timer = setTimeout(() => {
      this.read()
        .catch((error: unknown) =>
          this.log.warn('the feed of events could not be read; it is tried again', { error: String(error) }),
        )
        .finally(() => {
          this.timer = undefined;
          this.readSoon();
        });
    }, READ_EVERY_MS);
  }

  private async read(): Promise<void> {
    const from = Math.min(...[...this.seats].map((seat) => seat.heard));
    const events =
      Number.isFinite(from) && from < Number.MAX_SAFE_INTEGER
        ? await this.feed.after(from, READ_AT_ONCE)
        : [];
    for (const seat of [...this.seats]) this.tell(seat, events);
    if (this.reads++ % PROGRESS_EVERY === 0) await this.tellProgress();
  }

  private tell(seat: Seat, events: readonly FeedEvent[]): void {
    const last = new Map(events.map((event) => [`${event.event} ${event.subject}`, event.seq]));
    for (const { seq, publicationId, event, subject, at } of events) {
      if (seq <= seat.heard) continue;
      seat.heard = seq;
      // Of the same thing once in a row is enough.
      if (last.get(`${event} ${subject}`) !== seq) continue;
      this.pass(seat, publicationId, { seq, event, subject, at });
    }
  }

  private async tellProgress(): Promise<void> {
    const isFirst = this.counted === undefined;
    const moved = await this.feed.movedEditions(this.counted ?? 0);
    this.counted = Math.max(this.counted ?? 0, ...moved.map(({ at }) => at));
    if (isFirst) return;
    for (const seat of [...this.seats]) {
      for (const { publicationId, editionId } of moved) {
        this.pass(seat, publicationId, {
          seq: null,
          event: 'edition.progress',
          subject: editionId,
          at: new Date(),
        });
      }
    }
  }

  private pass(seat: Seat, publicationId: string, event: LiveEvent): void {
    const { listener } = seat;
    if (!this.seats.has(seat) || listener.caller.publicationId !== publicationId) return;
    if (!mayHear(listener.caller, event.event) || listener.hear(event)) return;
    this.leave(seat);
    listener.end();
  }
}
