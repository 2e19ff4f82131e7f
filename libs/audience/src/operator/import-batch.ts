import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { newId } from '#kernel/ids.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { AddressHasher } from '../suppression/address-hasher.js';
import { changedWish, resolveWish, type Choice, type ResolvedWish } from '../choices/choices.js';
import { ConsentLedger, type ConsentEntry } from '../consent/consent-ledger.js';
import type { ImportRow } from './import-row.js';
import { ImportRepository } from './import.repository.js';
import { BY_OPERATOR, countReaders, type CountedReader } from '../numbers/count-readers.js';
import type { Offer } from '../choices/offer.js';
import type { Publication } from '../publication/publication.schema.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';
import type { Terms } from '../publication/terms.service.js';

export interface BatchInput {
  rows: ImportRow[];
  publication: Publication;
  offer: Offer;
  /** The operator's statement for the whole file; without one everybody new is asked to confirm. */
  consent: { source: string; at?: Date | undefined } | null;
  /** By locale. */
  termsOf: ReadonlyMap<string, Terms>;
  now: Date;
}

export interface BatchOutcome {
  imported: number;
  updated: number;
  /** Lines that were left out, each with a reason. */
  skipped: { line: number; code: string }[];
}

/** What is to be written for one subscriber. */
interface Change {
  subscriber: Subscriber;
  /** When they gave their consent, as the file or the operator says. */
  consentedAt: Date;
  wish: ResolvedWish | undefined;
  /** They were not active or waiting before this file. */
  consents: boolean;
}

/** Writes one batch of an import, in the caller's transaction and in a handful of statements. */
@Injectable()
export class ImportBatch {
  constructor(
    private readonly imports: ImportRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly hasher: AddressHasher,
    private readonly ledger: ConsentLedger,
    private readonly outbox: Outbox,
  ) {}

  async write(tx: Executor, input: BatchInput): Promise<BatchOutcome> {
    // The last line about an address holds; the ones before it count as updates of the same subscriber.
    const byAddress = new Map(input.rows.map((row) => [row.email.normalised, row]));
    const hashed = await Promise.all(
      [...byAddress.values()].map(async (row) => ({
        row,
        hmac: await this.hasher.hash(row.email.normalised),
      })),
    );
    const suppressed = await this.suppressedAmong(
      tx,
      input.publication.id,
      hashed.map(({ hmac }) => hmac),
    );
    const allowed = hashed.filter(({ hmac }) => !suppressed.has(hmac.toString('hex')));
    const fresh = allowed.map(({ row, hmac }) => ({ row, ...newSubscriber(input, row, hmac) }));
    const added = await this.imports.insertNew(
      tx,
      fresh.map(({ subscriber }) => subscriber),
    );
    const news = fresh.filter(({ subscriber }) => added.has(subscriber.id));
    const known = fresh.filter(({ subscriber }) => !added.has(subscriber.id)).map(({ row }) => row);
    const { changes, left } = await this.changeKnown(tx, input, known);

    await this.writeChoices(tx, [...news, ...changes], input.now);
    await this.suppressBounced(tx, news, input.now);
    await this.ledger.append(tx, ...entries(input, [...news, ...changes]));
    await countReaders(tx, counted(news, changes), input.now);
    await this.writeMails(
      tx,
      news.map(({ subscriber }) => subscriber),
    );
    return {
      imported: news.length,
      updated: changes.length + input.rows.length - byAddress.size,
      skipped: [
        ...hashed
          .filter(({ hmac }) => suppressed.has(hmac.toString('hex')))
          .map(({ row: { line } }) => ({ line, code: 'suppressed' })),
        ...left,
      ],
    };
  }

  private async suppressedAmong(tx: Executor, publicationId: string, hmacs: Buffer[]): Promise<Set<string>> {
    const found = await this.suppressions.among(publicationId, hmacs, tx);
    return new Set(found.map((row) => row.addressHmac.toString('hex')));
  }

  private async changeKnown(
    tx: Executor,
    input: BatchInput,
    rows: ImportRow[],
  ): Promise<{ changes: Change[]; left: BatchOutcome['skipped'] }> {
    const locked = await this.imports.lockByAddress(
      tx,
      input.publication.id,
      rows.map((row) => row.email.normalised),
    );
    const ids = [...locked.values()].map((row) => row.id);
    const choices = await this.subscriptions.bySubscriber(tx, ids);
    const changes: Change[] = [];
    const left: BatchOutcome['skipped'] = [];
    const leave = ({ line }: ImportRow, code: string) => left.push({ line, code });
    for (const row of rows) {
      const before = locked.get(row.email.normalised);
      if (!before) leave(row, 'gone');
      else if (before.status !== 'active' && before.status !== 'pending') leave(row, before.status);
      else if (row.status !== 'active' && row.status !== 'pending') leave(row, 'already-here');
      else changes.push(changeOf(input, row, before, choices.get(before.id) ?? []));
    }
    await this.imports.update(
      tx,
      changes.map(({ subscriber }) => subscriber),
    );
    return { changes, left };
  }

  private async writeChoices(tx: Executor, changes: Change[], now: Date): Promise<void> {
    const chosen = new Map<string, Choice[]>();
    for (const { subscriber, wish } of changes) if (wish) chosen.set(subscriber.id, wish.choices);
    await this.subscriptions.replace(tx, chosen, now);
  }

  /** Who bounced or complained elsewhere is not mailed here either. */
  private async suppressBounced(tx: Executor, news: Change[], now: Date): Promise<void> {
    const gone = news.filter(({ subscriber: { status } }) => status === 'bounced' || status === 'complained');
    await this.suppressions.insert(
      tx,
      gone.map(({ subscriber }) => ({
        id: newId(),
        publicationId: subscriber.publicationId,
        addressHmac: subscriber.addressHmac,
        reason: 'import',
        note: null,
        returnedItemId: null,
        createdAt: now,
      })),
    );
  }

  /** Not announced one by one: the tick finds them, and a big file does not flood the queue. */
  private async writeMails(tx: Executor, added: Subscriber[]): Promise<void> {
    for (const { id, publicationId, status } of added) {
      if (status === 'pending')
        await this.outbox.write(tx, { publicationId, kind: 'confirmation', subscriberId: id });
    }
  }
}

/** Who left, bounced or complained elsewhere never came here. */
function counted(news: Change[], changes: Change[]): CountedReader[] {
  return [
    ...news
      .filter(({ consents }) => consents)
      .map(({ subscriber: { id, status } }) => ({
        id,
        counts: status === 'active' ? (['signUps', 'confirmed'] as const) : (['signUps'] as const),
      })),
    ...changes
      .filter(({ consents }) => consents)
      .map(({ subscriber: { id } }) => ({ id, counts: ['confirmed'] as const })),
  ];
}

function newSubscriber(input: BatchInput, row: ImportRow, addressHmac: Buffer): Change {
  const { publication, offer, now } = input;
  const consentedAt = consentTime(input, row);
  const wish = resolveWish(offer, row.wish);
  const subscriber: Subscriber = {
    id: newId(),
    publicationId: publication.id,
    email: row.email.address,
    emailNormalised: row.email.normalised,
    addressHmac,
    name: row.name ?? null,
    locale: row.locale ?? publication.locale,
    timeZone: row.timeZone ?? null,
    attributes: row.attributes ?? {},
    status: row.status,
    source: input.consent ? 'import' : BY_OPERATOR,
    followsDefaults: wish.followsDefaults,
    firstWish: wish.firstWish,
    confirmedAt: row.status === 'active' ? consentedAt : null,
    unsubscribedAt: row.status === 'unsubscribed' ? now : null,
    restedUntil: null,
    measuredSince: null,
    createdAt: now,
    updatedAt: now,
  };
  return { subscriber, consentedAt, wish, consents: row.status === 'active' || row.status === 'pending' };
}

const consentTime = ({ consent, now }: BatchInput, row: ImportRow) => row.consentedAt ?? consent?.at ?? now;

function changeOf(input: BatchInput, row: ImportRow, before: Subscriber, choices: Choice[]): Change {
  const activates = before.status === 'pending' && row.status === 'active';
  const chooses = !row.isWishGeneral && Object.values(row.wish).some((said) => said !== undefined);
  const consentedAt = consentTime(input, row);
  const wish = changedWish(input.offer, { ...before, choices }, row.wish);
  return {
    subscriber: {
      ...before,
      name: row.name ?? before.name,
      locale: row.locale ?? before.locale,
      timeZone: row.timeZone ?? before.timeZone,
      attributes: { ...before.attributes, ...row.attributes },
      followsDefaults: chooses ? wish.followsDefaults : before.followsDefaults,
      firstWish: chooses ? wish.firstWish : before.firstWish,
      status: activates ? 'active' : before.status,
      confirmedAt: activates ? consentedAt : before.confirmedAt,
      updatedAt: input.now,
    },
    consentedAt,
    wish: chooses ? wish : undefined,
    consents: activates,
  };
}

function entries({ consent, termsOf, publication }: BatchInput, changes: Change[]): ConsentEntry[] {
  if (!consent) return [];
  return changes
    .filter((change) => change.consents)
    .map(({ subscriber, consentedAt, wish }) => ({
      publicationId: subscriber.publicationId,
      subscriberId: subscriber.id,
      kind: 'given' as const,
      method: 'import',
      form: 'import',
      terms: termsOf.get(subscriber.locale) ?? termsOf.get(publication.locale) ?? null,
      sentence: consent.source,
      purposes: wish?.purposes ?? ['newsletter'],
      locale: subscriber.locale,
      addressHmac: subscriber.addressHmac,
      submittedAt: consentedAt,
      confirmedAt: subscriber.confirmedAt,
      evidence: { address: subscriber.email, ip: null, userAgent: null },
    }));
}
