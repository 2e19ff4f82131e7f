import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { AddressHasher } from '../suppression/address-hasher.js';
import { changedWish, Choices, type ResolvedWish, type Wish } from '../choices/choices.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { ConsentRepository, type ConsentWithEvidence } from '../consent/consent.repository.js';
import { BY_OPERATOR, countReaders } from '../numbers/count-readers.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { localDay, refusePauses } from '../choices/pause.js';
import { MeasuredReaderRepository } from '../measurement/measured-reader.repository.js';
import { Measurement } from '../measurement/measurement.js';
import { namesMeasurement, withMeasurement } from '../measurement/purposes.js';
import { PublicationService, type Publication } from '../publication/publication.service.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';
import { SubscriberRepository, type Subscriber } from '../subscribers/subscriber.repository.js';
import {
  type ConsentStatement,
  type SubscriberInput,
  type SubscriberPatch,
  type SubscriberView,
} from './subscriber.schemas.js';
import { SubscriberViews } from './subscriber-view.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';
import { TermsService, type Terms } from '../publication/terms.service.js';
import { CAN_LEAVE, UnsubscribeService } from '../reader/unsubscribe.service.js';

type Statement = ConsentStatement;

/** A consent row as the API shows it: hashes as hex. */
export type ConsentView = Omit<ConsentWithEvidence, 'addressHmac' | 'publicationId'> & {
  addressHmac: string;
};

/** Subscribers, for operators. */
@Injectable()
export class SubscriberService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly subscribers: SubscriberRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly mails: SingleMailRepository,
    private readonly consentRows: ConsentRepository,
    private readonly views: SubscriberViews,
    private readonly choices: Choices,
    private readonly terms: TermsService,
    private readonly hasher: AddressHasher,
    private readonly ledger: ConsentLedger,
    private readonly measurement: Measurement,
    private readonly measured: MeasuredReaderRepository,
    private readonly leaving: UnsubscribeService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<SubscriberView> {
    return this.view(await this.row(id));
  }

  /**
   * Adds a subscriber. Active needs the operator's statement of how consent was given; pending is sent a confirmation.
   * @param given see {@link SubscriberInput}
   * @throws DomainError `invalid_input`; `conflict` with `id` when the address exists, with `suppressed` when it is
   *   suppressed
   */
  async create(given: SubscriberInput): Promise<SubscriberView> {
    if (given.status === 'active' && !given.consent) {
      throw invalidField('consent', 'required', 'An active subscriber needs consent: say how it was given.');
    }
    const publication = await this.publications.current();
    const now = this.clock.now();
    const isMeasured = namesMeasurement(given.purposes);
    if (isMeasured) refuseUnmeasured(publication, given.consent);
    refuseUnclear(given, localDay(now, given.timeZone ?? publication.timeZone));
    const { digests, topics, subscriptions } = given;
    const wish = await this.choices.resolve(publication.id, { digests, topics, subscriptions });
    const terms = await this.terms.current(given.locale);
    const row: Subscriber = {
      id: newId(),
      publicationId: publication.id,
      email: given.email.address,
      emailNormalised: given.email.normalised,
      addressHmac: await this.hasher.hash(given.email.normalised),
      name: given.name ?? null,
      locale: given.locale ?? publication.locale,
      timeZone: given.timeZone ?? null,
      attributes: given.attributes ?? {},
      status: given.status,
      source: given.consent ? 'api' : BY_OPERATOR,
      followsDefaults: wish.followsDefaults,
      firstWish: wish.firstWish,
      confirmedAt: given.status === 'active' ? (given.consent?.at ?? now) : null,
      unsubscribedAt: null,
      restedUntil: null,
      measuredSince: isMeasured && given.status === 'active' ? now : null,
      createdAt: now,
      updatedAt: now,
    };
    const mailId = await this.database.transaction(async (tx) => {
      await this.refuseSuppressed(tx, row);
      const existing = await this.subscribers.insertUnlessThere(tx, row);
      if (existing) {
        throw new DomainError('conflict', 'There is a subscriber with this address already.', {
          extra: { id: existing },
        });
      }
      await this.subscriptions.replace(tx, new Map([[row.id, wish.choices]]), now);
      if (given.consent) {
        const purposes = withMeasurement(wish.purposes, isMeasured);
        await this.writeStatement(tx, row, purposes, given.consent, terms);
      }
      const counts = row.status === 'active' ? (['signUps', 'confirmed'] as const) : (['signUps'] as const);
      await countReaders(tx, [{ id: row.id, counts }], now);
      if (row.status === 'active') return undefined;
      return this.outbox.write(tx, {
        publicationId: publication.id,
        kind: 'confirmation',
        subscriberId: row.id,
      });
    });
    if (mailId) await this.outbox.announce(mailId);
    return this.view(row);
  }

  /**
   * @param input naming digests, topics or subscriptions replaces these; what is not said
   *   of a digest that stays is kept. `digests: []` goes back to the publication's defaults, `subscriptions: []` is none.
   * @throws DomainError `not_found`, `invalid_input`, `wrong_state`
   */
  async patch(id: string, input: SubscriberPatch): Promise<SubscriberView> {
    const { status, consent, digests, topics, subscriptions, purposes, ...plain } = input;
    const before = await this.row(id);
    const wanted = { digests, topics, subscriptions };
    const chooses = Object.values(wanted).some((list) => list !== undefined);
    const zone = (plain.timeZone === undefined ? before.timeZone : plain.timeZone) ?? undefined;
    const publication = await this.publications.current();
    refuseUnclear(wanted, localDay(this.clock.now(), zone ?? publication.timeZone));
    const offer = await this.choices.offer(before.publicationId);
    const terms = await this.terms.current(plain.locale ?? before.locale);
    await this.database.transaction(async (tx) => {
      const row = await this.subscribers.lock(tx, before.publicationId, id);
      if (!row) throw notFound('subscriber');
      const now = this.clock.now();
      const choices = await this.subscriptions.of(tx, [id]);
      const wish = changedWish(offer, { ...row, choices }, wanted);
      const changed: Subscriber = {
        ...row,
        name: plain.name === undefined ? row.name : plain.name,
        locale: plain.locale ?? row.locale,
        timeZone: plain.timeZone === undefined ? row.timeZone : plain.timeZone,
        attributes: plain.attributes ?? row.attributes,
        followsDefaults: chooses ? wish.followsDefaults : row.followsDefaults,
        firstWish: chooses ? wish.firstWish : row.firstWish,
        updatedAt: now,
      };
      if (status === 'active') {
        await this.activate(tx, changed, wish, consent, terms);
      }
      if (purposes) Object.assign(changed, await this.measure(tx, changed, publication, purposes, consent));
      await this.subscribers.update(tx, id, changed);
      if (chooses) await this.subscriptions.replace(tx, new Map([[id, wish.choices]]), now);
      if (status === 'unsubscribed') {
        // No mail: an operator's change is not announced to the reader.
        await this.leaving.leaveWithin(tx, id, { method: 'operator', ip: null, userAgent: null });
      }
    });
    return this.get(id);
  }

  /**
   * Erases a person: the subscriber, their choices and the evidence behind their consents. What waits for them stops.
   * The ledger rows stay (they hold no address), and so does a suppression; without one they may sign up again.
   * @throws DomainError `not_found`
   */
  async erase(id: string): Promise<void> {
    const { publicationId } = await this.row(id);
    await this.database.transaction(async (tx) => {
      const row = await this.subscribers.lock(tx, publicationId, id);
      if (!row) throw notFound('subscriber');
      const now = this.clock.now();
      await this.mails.stop(tx, [id], now);
      await this.mails.blank(tx, id, now);
      await this.subscribers.blankEvents(tx, id);
      await countReaders(tx, [{ id, counts: CAN_LEAVE.includes(row.status) ? ['left'] : [] }], now);
      await this.measurement.end(tx, row);
      await this.subscribers.delete(tx, id);
      await this.consentRows.eraseEvidence(tx, id);
    });
  }

  /** Everything we hold about a person, for them (GDPR art. 15 and 20). @throws DomainError `not_found` */
  async data(id: string) {
    const row = await this.row(id);
    const suppression = await this.suppressions.find(row.publicationId, row.addressHmac);
    const consents: ConsentView[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.consents(id, { limit: 200, ...(cursor ? { cursor } : {}) });
      consents.push(...page.data);
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    return {
      exportedAt: this.clock.now(),
      // What was chosen before there was a digest is nowhere else to be seen.
      subscriber: { ...(await this.view(row)), firstWish: row.firstWish },
      suppression: suppression
        ? { reason: suppression.reason, note: suppression.note, createdAt: suppression.createdAt }
        : null,
      consents,
      ...(await this.subscribers.history(id)),
      measured: await this.measured.of(id),
    };
  }

  /**
   * What the ledger holds about a person, newest first, also after an erasure.
   * @throws DomainError `not_found` when there is neither a subscriber nor a row
   */
  async consents(id: string, page: PageQuery): Promise<Page<ConsentView>> {
    if (!isId(id)) throw notFound('subscriber');
    const rows = await this.consentRows.pageOf(this.database.db, id, page);
    if (rows.length === 0) await this.row(id);
    const { data, nextCursor } = toPage(rows, page.limit);
    return { data: data.map(toConsentView), nextCursor };
  }

  private async row(id: string): Promise<Subscriber> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.subscribers.find(publication.id, id) : undefined;
    if (!row) throw notFound('subscriber');
    return row;
  }

  private async view(row: Subscriber): Promise<SubscriberView> {
    const [view] = await this.views.of(row.publicationId, [row]);
    if (!view) throw notFound('subscriber');
    return view;
  }

  private async refuseSuppressed(tx: Executor, row: Subscriber): Promise<void> {
    const suppression = await this.suppressions.find(row.publicationId, row.addressHmac, tx);
    if (!suppression) return;
    throw new DomainError(
      'conflict',
      'This address is suppressed and must not be mailed. Remove the suppression first if that is right.',
      { extra: { suppressed: true, reason: suppression.reason, suppressionId: suppression.id } },
    );
  }

  /** @throws DomainError `invalid_input` when nothing says how they agreed; `wrong_state` when they have left */
  private async measure(
    tx: Executor,
    row: Subscriber,
    publication: Publication,
    purposes: readonly string[],
    statement: Statement | undefined,
  ): Promise<Subscriber> {
    const wanted = namesMeasurement(purposes);
    if (wanted === (await this.measurement.isAgreed(tx, row))) return row;
    const act = { ip: null, userAgent: null };
    if (!wanted) return this.measurement.withdraw(tx, row, { ...act, method: 'operator' }, row.updatedAt);
    const { source, at } = refuseUnmeasured(publication, statement);
    if (row.status !== 'active' && row.status !== 'pending') {
      throw wrongState('Only the reader can come back after that, by signing up again.', row.status);
    }
    const stated = { ...act, method: 'api', sentence: source, givenAt: at };
    return this.measurement.agree(tx, row, stated, row.updatedAt);
  }

  private async activate(
    tx: Executor,
    row: Subscriber,
    wish: ResolvedWish,
    statement: Statement | undefined,
    terms: Terms,
  ): Promise<void> {
    if (row.status === 'active') return;
    if (row.status !== 'pending') {
      throw wrongState('Only the reader can come back after that, by signing up again.', row.status);
    }
    if (!statement) {
      throw invalidField('consent', 'required', 'An active subscriber needs consent: say how it was given.');
    }
    await this.refuseSuppressed(tx, row);
    row.status = 'active';
    row.confirmedAt = statement.at ?? row.updatedAt;
    await this.writeStatement(tx, row, wish.purposes, statement, terms);
    await countReaders(tx, [{ id: row.id, counts: ['confirmed'] }], row.updatedAt);
  }

  private async writeStatement(
    tx: Executor,
    row: Subscriber,
    purposes: string[],
    statement: Statement,
    terms: Terms,
  ): Promise<void> {
    await this.ledger.append(tx, {
      publicationId: row.publicationId,
      subscriberId: row.id,
      kind: 'given',
      method: 'api',
      form: 'api',
      terms,
      sentence: statement.source,
      purposes,
      locale: row.locale,
      addressHmac: row.addressHmac,
      submittedAt: statement.at ?? this.clock.now(),
      confirmedAt: row.confirmedAt,
      evidence: { address: row.email, ip: null, userAgent: null },
    });
  }
}

/** @throws DomainError `invalid_input` when readers are not measured, or nothing says how this one agreed to it */
function refuseUnmeasured({ measure }: Publication, statement: Statement | undefined): Statement {
  if (measure !== 'consented') {
    const message = 'Readers are not measured: set the publication’s measure to consented first.';
    throw invalidField('purposes', 'not_measured', message);
  }
  if (statement) return statement;
  throw invalidField('consent', 'required', 'To be measured needs consent: say how it was given.');
}

/** @throws DomainError `invalid_input` when choices are given in both forms, or a pause cannot be */
function refuseUnclear({ digests, topics, subscriptions }: Wish, today: string): void {
  if (subscriptions && (digests ?? topics)) {
    const message = 'Give either subscriptions, or digests and topics.';
    throw invalidField('subscriptions', 'conflict', message);
  }
  refusePauses(subscriptions, today, 'subscriptions');
}

function toConsentView({ publicationId: _, addressHmac, ...row }: ConsentWithEvidence): ConsentView {
  return { ...row, addressHmac: addressHmac.toString('hex') };
}
