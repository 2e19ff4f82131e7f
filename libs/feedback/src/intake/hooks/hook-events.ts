import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { retryDeadlocks } from '#database/retry-deadlocks.js';
import { ReturnedDeliveries } from '#delivery/returns/returned-deliveries.repository.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { storableText } from '#kernel/input/storable-text.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { ReaderActions, type Found } from '../../acting/reader-actions.js';
import { normalised, ReadersRepository } from '../../acting/readers.repository.js';
import { ReturnedItemRepository, type NewItem } from '../../acting/returned-item.repository.js';
import { SubjectFinder, type Subject } from '../../acting/subject-finder.js';
import type { HookReading, ProviderEvent } from '../../hooks/hook.js';
import { understoodEvents, type UnderstoodEvent } from './event-finding.js';

/** Whose events they are. */
export interface EventSource {
  transportId: string;
  publicationId: string;
  provider: string;
}

/** Events that are noted and acted on in one transaction. */
const MOST_AT_ONCE = 500;
const LONGEST_NAME = 100;
/** Servers give up after four or five days (RFC 5321 §4.5.4.1). */
const LATE_BOUNCE_MS = 5 * 86_400_000;

const ACTED_ON = ['bounce', 'complaint', 'unsubscribe'] as const;
type ActedOn = (typeof ACTED_ON)[number];
type ActedEvent = ProviderEvent & { kind: ActedOn };

/** An event, to be noted. */
interface Noted extends UnderstoodEvent {
  item: NewItem;
}
type Acted = Noted & { event: ActedEvent };

/** Does what follows from the events of a verified webhook. Each is noted and acted on once, however often and wherever it arrives. */
@Injectable()
export class HookEvents {
  constructor(
    private readonly database: Database,
    private readonly items: ReturnedItemRepository,
    private readonly subjects: SubjectFinder,
    private readonly readers: ReadersRepository,
    private readonly actions: ReaderActions,
    private readonly deliveries: ReturnedDeliveries,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /**
   * When it returns, all that follows is committed. What bears a word that is used once is one message, and one transaction; the rest
   * comes in parts, each with its own, so that a long list which is broken off is not begun again.
   */
  async take(source: EventSource, { once, events }: HookReading & { is: 'events' }): Promise<void> {
    const parts = once === null ? inParts(events) : [events];
    for (const part of parts) {
      const understood = await understoodEvents(part);
      const fresh = await retryDeadlocks(this.database, async (tx) => {
        const isRepeat =
          once !== null && !(await this.items.note(tx, this.item(source, onceId(once), 'other', null)));
        return isRepeat ? [] : this.takeWithin(tx, source, understood);
      });
      for (const { kind } of fresh) this.metrics.hookEvents.inc({ provider: source.provider, kind });
    }
  }

  /** @returns those that are new */
  private async takeWithin(
    tx: Executor,
    source: EventSource,
    events: readonly UnderstoodEvent[],
  ): Promise<ProviderEvent[]> {
    const byId = new Map(events.map((one) => [one.event.id, one]));
    const noted = [...byId.values()]
      // In one order, so that two requests with the same events wait for each other and not both.
      .sort((a, b) => (a.event.id < b.event.id ? -1 : 1))
      .map(({ event, finding }) => ({
        event,
        finding,
        item: this.item(source, event.id, event.kind, storableText(event.name, LONGEST_NAME)),
      }));
    const news = await this.items.noteAll(
      tx,
      noted.map(({ item }) => item),
    );
    const fresh = noted.filter(({ item }) => news.has(item.id));
    await this.act(tx, source, fresh);
    return fresh.map(({ event }) => event);
  }

  private async act(tx: Executor, { publicationId }: EventSource, fresh: readonly Noted[]): Promise<void> {
    const acted = fresh.filter((one): one is Acted => isActedOn(one.event));
    const recipients = acted.map(({ event }) => event.recipient).filter((its) => its !== null);
    const known = await this.readers.withAddresses(tx, publicationId, recipients);
    const named = await this.subjects.findAll(
      tx,
      acted.map(({ event: { kind, messageId } }) => ({
        kind,
        returnPaths: [],
        original: null,
        messageIds: messageId ? [messageId] : [],
      })),
    );
    const last = await this.lastEditions(tx, acted, known);
    const found = acted.map(({ item, event, finding }, at): Found => {
      const subject = subjectOf(event, named[at] ?? null, known, last);
      return {
        kind: event.kind,
        finding: { ...finding, isProved: subject !== null }, // a verified event is believed
        subject,
        itemId: item.id,
        feedbackType: null,
        leaveMethod: 'provider',
      };
    });
    found.sort(byReader);
    const results = await this.actions.takeAll(tx, found, known);
    await this.items.setResults(
      tx,
      new Map(results.map((result, at) => [(found[at] as Found).itemId, [result]])),
    );
  }

  /** For bounces that name no message: otherwise the one that came back would go on to show that its reader's address lives. */
  private async lastEditions(
    tx: Executor,
    acted: readonly Acted[],
    known: ReadonlyMap<string, string>,
  ): Promise<Map<string, string>> {
    const nameless = acted.filter(({ event }) => isNamelessBounce(event));
    const readers = nameless.flatMap(({ event }) => known.get(normalised(event.recipient) ?? '') ?? []);
    const since = new Date(this.clock.now().getTime() - LATE_BOUNCE_MS);
    return this.deliveries.latestAccepted(tx, readers, since);
  }

  private item(
    { transportId, publicationId }: EventSource,
    eventId: string,
    kind: string,
    name: string | null,
  ): NewItem {
    const key = `hook:${transportId}:${eventId}`;
    return { id: newId(), publicationId, key, way: 'hook', kind, name, receivedAt: this.clock.now() };
  }
}

/** What stands for a word that is used once, beside the ids of events. */
function onceId(once: string): string {
  return `once:${createHash('sha256').update(once).digest('base64url')}`;
}

function* inParts(events: readonly ProviderEvent[]): Generator<readonly ProviderEvent[]> {
  for (let at = 0; at < events.length; at += MOST_AT_ONCE) yield events.slice(at, at + MOST_AT_ONCE);
}

function isActedOn({ kind }: ProviderEvent): boolean {
  return (ACTED_ON as readonly string[]).includes(kind);
}

function isNamelessBounce({ kind, messageId }: ProviderEvent): boolean {
  return kind === 'bounce' && !messageId;
}

/**
 * By our Message-ID, else whose address it is: a provider that has proved itself tells only of what it sent for us.
 * @param last by reader, what they were sent last
 */
function subjectOf(
  event: ProviderEvent,
  named: Subject | null,
  known: ReadonlyMap<string, string>,
  last: ReadonlyMap<string, string>,
): Subject | null {
  if (named && named.email !== null) return named;
  const email = normalised(event.recipient);
  const subscriberId = known.get(email ?? '');
  if (subscriberId === undefined) return null;
  const editionId = isNamelessBounce(event) ? (last.get(subscriberId) ?? null) : null;
  return { subscriberId, editionId, email, isCertain: true };
}

/** In one order, as above; of one reader in the order in which they were noted. */
function byReader(a: Found, b: Found): number {
  const [first, second] = [a.subject?.subscriberId ?? '', b.subject?.subscriberId ?? ''];
  return first === second ? 0 : first < second ? -1 : 1;
}
