import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { BulkAction } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { choicesOf, purposesOf, type Choice } from '../choices/choices.js';
import type { Offer } from '../choices/offer.js';
import { ConsentLedger, type ConsentEntry } from '../consent/consent-ledger.js';
import { withMeasurement } from '../measurement/purposes.js';
import type { Terms } from '../publication/terms.service.js';
import { UnsubscribeService } from '../reader/unsubscribe.service.js';
import { ReaderRepository } from '../subscribers/reader.repository.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';
import { SubscriberRepository, type Subscriber } from '../subscribers/subscriber.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';
import type { KeptStatement } from './bulk-task.js';
import type { BulkChange } from './bulk.repository.js';

/** What is known of an action while a batch of it is done. */
export interface ActContext {
  publicationId: string;
  /** Of the actions on a digest. */
  digestId: string | null;
  statement: KeptStatement | null;
  offer: Offer;
  termsOf: (locale: string) => Terms | null;
  now: Date;
}

/** What became of a batch. */
export interface ActOutcome {
  changed: number;
  /** What those who were changed were before; none of an action that can not be undone. */
  changes: BulkChange[];
  /** Why the others were left as they are, one reason each. */
  skipped: string[];
}

/** What a reader had of a digest before, and how they stood. */
interface ChoiceBefore {
  choice?: Choice;
  followsDefaults: boolean;
  /** When it was changed, in milliseconds. */
  changedAt: number;
}

type Act = (tx: Executor, readers: Subscriber[], context: ActContext) => Promise<ActOutcome>;
type Undo = (
  tx: Executor,
  readers: Subscriber[],
  before: ReadonlyMap<string, unknown>,
  context: ActContext,
) => Promise<number>;

const NOTHING: ActOutcome = { changed: 0, changes: [], skipped: [] };

/** What is done to one batch of readers, locked, in the caller's transaction and in a handful of statements. */
@Injectable()
export class BulkActs {
  private readonly acts: Record<BulkAction, Act> = {
    unsubscribe: (tx, readers) => this.unsubscribe(tx, readers),
    suppress: (tx, readers, context) => this.suppress(tx, readers, context),
    add_digest: (tx, readers, context) => this.addDigest(tx, readers, context),
    remove_digest: (tx, readers, context) => this.removeDigest(tx, readers, context),
  };
  private readonly undoes: Partial<Record<BulkAction, Undo>> = {
    suppress: (tx, readers, before, context) => this.lift(tx, readers, before, context),
    add_digest: (tx, readers, before, context) => this.takeDigestBack(tx, readers, before, context),
    remove_digest: (tx, readers, before, context) => this.giveDigestBack(tx, readers, before, context),
  };

  constructor(
    private readonly leaving: UnsubscribeService,
    private readonly readers: ReaderRepository,
    private readonly subscribers: SubscriberRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly mails: SingleMailRepository,
    private readonly ledger: ConsentLedger,
  ) {}

  async act(
    tx: Executor,
    action: BulkAction,
    readers: Subscriber[],
    context: ActContext,
  ): Promise<ActOutcome> {
    return readers.length === 0 ? NOTHING : this.acts[action](tx, readers, context);
  }

  /** @returns how many are as they were before; who has changed since stays so */
  async undo(
    tx: Executor,
    action: BulkAction,
    readers: Subscriber[],
    before: ReadonlyMap<string, unknown>,
    context: ActContext,
  ): Promise<number> {
    const them = readers.filter((reader) => isUntouched(reader, before.get(reader.id)));
    return them.length === 0 ? 0 : ((await this.undoes[action]?.(tx, them, before, context)) ?? 0);
  }

  private async unsubscribe(tx: Executor, readers: Subscriber[]): Promise<ActOutcome> {
    const gone = await this.leaving.takeOut(tx, idsOf(readers));
    const left = new Set(idsOf(gone));
    const skipped = readers.filter(({ id }) => !left.has(id)).map(({ status }) => status);
    return { changed: gone.length, changes: [], skipped };
  }

  private async suppress(tx: Executor, readers: Subscriber[], { publicationId, now }: ActContext) {
    const rows = readers.map(({ id, addressHmac }) => ({
      subscriberId: id,
      row: {
        id: newId(),
        publicationId,
        addressHmac,
        reason: 'operator' as const,
        note: null,
        returnedItemId: null,
        createdAt: now,
      },
    }));
    const added = new Set(
      await this.suppressions.insert(
        tx,
        rows.map(({ row }) => row),
      ),
    );
    const fresh = rows.filter(({ row }) => added.has(row.id));
    await this.mails.stop(
      tx,
      fresh.map(({ subscriberId }) => subscriberId),
      now,
    );
    return {
      changed: fresh.length,
      changes: fresh.map(({ subscriberId, row }) => ({ subscriberId, before: { suppressionId: row.id } })),
      skipped: rows.filter(({ row }) => !added.has(row.id)).map(() => 'suppressed'),
    };
  }

  /** To those who are active: whoever has not confirmed, has left or bounced does not get more by somebody else's word. */
  private async addDigest(tx: Executor, readers: Subscriber[], context: ActContext): Promise<ActOutcome> {
    const { publicationId, digestId, offer, statement, now } = context;
    if (!digestId || !statement || !offer.digests.some(({ id }) => id === digestId)) {
      return { ...NOTHING, skipped: readers.map(() => 'digest-gone') };
    }
    const suppressed = new Set(
      (
        await this.suppressions.among(
          publicationId,
          readers.map(({ addressHmac }) => addressHmac),
          tx,
        )
      ).map(({ addressHmac }) => addressHmac.toString('hex')),
    );
    const choices = await this.subscriptions.bySubscriber(tx, idsOf(readers));
    const skipped: string[] = [];
    const chosen = new Map<string, Choice>();
    for (const reader of readers) {
      const own = choices.get(reader.id) ?? [];
      const reason =
        (reader.status === 'active' ? undefined : reader.status) ??
        (suppressed.has(reader.addressHmac.toString('hex')) ? 'suppressed' : undefined) ??
        (own.some((choice) => choice.digestId === digestId) ? 'already' : undefined);
      const [choice] = reason ? [] : choicesOf(offer, [{ digest: digestId }], { ...reader, choices: own });
      if (choice) chosen.set(reader.id, choice);
      else skipped.push(reason ?? 'digest-gone');
    }
    const added = readers.filter(({ id }) => chosen.has(id));
    await this.subscriptions.add(tx, chosen, now);
    const change = { followsDefaults: false, firstWish: null, updatedAt: now };
    await this.subscribers.updateThese(tx, idsOf(added), change);
    await this.ledger.append(
      tx,
      ...added.map((reader) => {
        const now = [...(choices.get(reader.id) ?? []), { digestId }];
        return given(reader, withMeasurement(purposesOf(offer, now), reader.measuredSince !== null), context);
      }),
    );
    const changes = added.map(({ id, followsDefaults }) => ({
      subscriberId: id,
      before: { followsDefaults, changedAt: now.getTime() },
    }));
    return { changed: added.length, changes, skipped };
  }

  private async removeDigest(tx: Executor, readers: Subscriber[], { digestId, now }: ActContext) {
    const had = digestId
      ? await this.subscriptions.remove(tx, digestId, idsOf(readers))
      : new Map<string, Choice>();
    const changed = readers.filter(({ id }) => had.has(id));
    const change = { followsDefaults: false, updatedAt: now };
    await this.subscribers.updateThese(tx, idsOf(changed), change);
    return {
      changed: changed.length,
      changes: changed.map(({ id, followsDefaults }) => ({
        subscriberId: id,
        before: { choice: had.get(id), followsDefaults, changedAt: now.getTime() },
      })),
      skipped: readers.filter(({ id }) => !had.has(id)).map(() => 'already'),
    };
  }

  private async lift(
    tx: Executor,
    readers: Subscriber[],
    before: ReadonlyMap<string, unknown>,
    context: ActContext,
  ) {
    const byReader = new Map(
      readers.map((reader) => [(before.get(reader.id) as { suppressionId: string }).suppressionId, reader]),
    );
    const lifted = await this.suppressions.takeBack(tx, context.publicationId, [...byReader.keys()]);
    const them = lifted.flatMap((id) => byReader.get(id) ?? []);
    const detail = { reason: 'What was done to many at once was undone.', suppressedFor: 'operator' };
    await this.readers.recordEvents(tx, them, { type: 'lifted', detail, at: context.now });
    return lifted.length;
  }

  /** The statement of their consent was a mistake: the ledger says so too. */
  private async takeDigestBack(
    tx: Executor,
    readers: Subscriber[],
    before: ReadonlyMap<string, unknown>,
    { digestId, offer, now }: ActContext,
  ): Promise<number> {
    if (!digestId) return 0;
    const had = await this.subscriptions.remove(tx, digestId, idsOf(readers));
    const them = readers.filter(({ id }) => had.has(id));
    const slug = offer.digests.find(({ id }) => id === digestId)?.slug ?? digestId;
    await this.ledger.append(
      tx,
      ...them.map((reader) => ({
        ...entryOf(reader),
        kind: 'withdrawn' as const,
        method: 'operator',
        purposes: [`digest:${slug}`],
        submittedAt: now,
      })),
    );
    await this.restoreDefaults(tx, them, before, now);
    return them.length;
  }

  /** To those who are still here. Their consent stood all the time; whoever has chosen the digest anew keeps that choice. */
  private async giveDigestBack(
    tx: Executor,
    readers: Subscriber[],
    before: ReadonlyMap<string, unknown>,
    { digestId, offer, now }: ActContext,
  ): Promise<number> {
    if (!offer.digests.some(({ id }) => id === digestId)) return 0;
    const topics = new Set(offer.topics.map(({ id }) => id));
    const choices = new Map<string, Choice>();
    for (const { id, status } of readers) {
      const { choice } = before.get(id) as ChoiceBefore;
      if (!choice || (status !== 'active' && status !== 'pending')) continue;
      choices.set(id, {
        ...choice,
        topics: choice.topics && choice.topics.filter((topic) => topics.has(topic)),
      });
    }
    const added = new Set(await this.subscriptions.add(tx, choices, now));
    const them = readers.filter(({ id }) => added.has(id));
    await this.restoreDefaults(tx, them, before, now);
    return them.length;
  }

  private async restoreDefaults(
    tx: Executor,
    readers: Subscriber[],
    before: ReadonlyMap<string, unknown>,
    now: Date,
  ): Promise<void> {
    const followers = readers.filter(({ id }) => (before.get(id) as ChoiceBefore).followsDefaults);
    await this.subscribers.updateThese(tx, idsOf(followers), { followsDefaults: true, updatedAt: now });
  }
}

/** Whether nothing of a reader has changed since it was done: what they have chosen since is theirs. */
function isUntouched({ updatedAt }: Subscriber, before: unknown): boolean {
  const { changedAt } = before as Partial<ChoiceBefore>;
  return changedAt === undefined || updatedAt.getTime() === changedAt;
}

const idsOf = (readers: readonly Subscriber[]) => readers.map(({ id }) => id);

function entryOf(reader: Subscriber) {
  return {
    publicationId: reader.publicationId,
    subscriberId: reader.id,
    locale: reader.locale,
    addressHmac: reader.addressHmac,
    evidence: { address: reader.email, ip: null, userAgent: null },
  };
}

function given(
  reader: Subscriber,
  purposes: string[],
  { statement, termsOf, now }: ActContext,
): ConsentEntry {
  return {
    ...entryOf(reader),
    kind: 'given',
    method: 'api',
    form: 'api',
    terms: termsOf(reader.locale),
    sentence: statement?.source ?? null,
    purposes,
    submittedAt: statement?.at ? new Date(statement.at) : now,
    confirmedAt: now,
  };
}
