import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound, wrongState } from '#kernel/errors/errors.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { Choices, choicesOf, type Choice } from '../choices/choices.js';
import type { LinkContext } from './confirmation.service.js';
import { LinkMails } from './link-mails.js';
import { localDay, openPause, refusePauses } from '../choices/pause.js';
import type { Preferences, PreferencesInput } from '../choices/preferences.schemas.js';
import { Measurement } from '../measurement/measurement.js';
import { PublicationService } from '../publication/publication.service.js';
import { ReaderRepository, type Subscriber } from '../subscribers/reader.repository.js';
import { SubscriberRepository } from '../subscribers/subscriber.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { PLAIN } from '../choices/digest-preferences.js';
import { UnsubscribeService, type Unsubscription } from './unsubscribe.service.js';

/** `expired`: offer {@link PreferencesService.sendLink}. */
export type PreferencesReading =
  { state: 'ok'; preferences: Preferences } | { state: 'expired' } | { state: 'invalid' };

/** Who changes their preferences, as evidence, and in which words they were asked whether they may be measured. */
export type PreferencesContext = LinkContext & { sentence: string | null };
const NOBODY: PreferencesContext = { ip: null, userAgent: null, sentence: null };

/** What a reader sees and changes of themselves, by the link in every mail. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly database: Database,
    private readonly signer: TokenSigner,
    private readonly publications: PublicationService,
    private readonly readers: ReaderRepository,
    private readonly subscribers: SubscriberRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly choices: Choices,
    private readonly measurement: Measurement,
    private readonly leaving: UnsubscribeService,
    private readonly linkMails: LinkMails,
    private readonly clock: Clock,
  ) {}

  /** What the page shows. Changes nothing. */
  async view(token: string): Promise<PreferencesReading> {
    const reading = this.signer.read('preferences', token, this.clock.now());
    if (!reading.ok) return { state: reading.reason };
    const subscriber = await this.readers.find(reading.claims.subscriberId);
    if (!subscriber) return { state: 'invalid' };
    return { state: 'ok', preferences: await this.show(subscriber) };
  }

  /**
   * @param wanted naming digests by hand ends following the publication's defaults.
   * @param context who asks, and the sentence beside the box for being measured
   * @throws DomainError `invalid_input`; `gone` when the link has ended; `not_found` when it is none; `wrong_state`
   *   when the reader has left (they come back by signing up again, which is a new consent). A reader in whatever state may say that they
   *   do not want to be measured: that is done, also where the rest is refused.
   */
  async update(token: string, wanted: PreferencesInput, context = NOBODY): Promise<Preferences> {
    const subscriber = await this.bearer(token);
    const offer = await this.choices.offer(subscriber.publicationId);
    const zone = wanted.timeZone === undefined ? subscriber.timeZone : wanted.timeZone;
    const chosen = wanted.digests && choicesOf(offer, wanted.digests, undefined, 'digests');
    refusePauses(wanted.digests, localDay(this.clock.now(), await this.clockOf(zone)), 'digests');
    const { measure } = await this.publications.current();
    const changed = await this.database.transaction(async (tx) => {
      const row = await this.subscribers.lock(tx, subscriber.publicationId, subscriber.id);
      if (!row) throw notFound('subscription');
      if (hasEnded(row)) {
        return wanted.measurement === false ? this.measure(tx, row, false, context) : row;
      }
      const now = this.clock.now();
      const next: Subscriber = {
        ...row,
        name: wanted.name === undefined ? row.name : wanted.name,
        locale: wanted.locale ?? row.locale,
        timeZone: wanted.timeZone === undefined ? row.timeZone : wanted.timeZone,
        followsDefaults: chosen ? false : row.followsDefaults,
        firstWish: chosen ? null : row.firstWish,
        updatedAt: now,
      };
      await this.subscribers.update(tx, row.id, next);
      if (chosen) await this.subscriptions.replace(tx, new Map([[row.id, chosen]]), now);
      // To withdraw is possible at any time, to agree while a page asks for it.
      if (wanted.measurement === undefined || (wanted.measurement && measure !== 'consented')) return next;
      return this.measure(tx, next, wanted.measurement, context);
    });
    if (hasEnded(changed) && !isRefusalAlone(wanted)) {
      throw wrongState('This subscription has ended. Sign up again to come back.', changed.status);
    }
    return this.show(changed);
  }

  /** Ends everything, as the unsubscribe link does. @throws as {@link update} does for the link */
  async leaveAll(token: string, context: LinkContext): Promise<Unsubscription> {
    const { id } = await this.bearer(token);
    return this.leaving.leave(id, { ...context, method: 'preferences' });
  }

  /** Sends a fresh link to the address of one that has ended; at most three an hour, and it says nothing of that. */
  async sendLink(token: string): Promise<{ state: 'sent' | 'invalid' }> {
    const reading = this.signer.read('preferences', token, this.clock.now());
    if (!reading.ok && reading.reason === 'invalid') return { state: 'invalid' };
    const subscriber = await this.readers.find(reading.claims.subscriberId);
    if (!subscriber) return { state: 'invalid' };
    await this.linkMails.send(subscriber, 'preferences-link');
    return { state: 'sent' };
  }

  /** Whether they are measured follows the box. */
  private async measure(
    tx: Executor,
    reader: Subscriber,
    wanted: boolean,
    context: PreferencesContext,
  ): Promise<Subscriber> {
    if (wanted === (await this.measurement.isAgreed(tx, reader))) return reader;
    const now = this.clock.now();
    const act = { ...context, method: 'preferences' };
    return wanted
      ? this.measurement.agree(tx, reader, act, now)
      : this.measurement.withdraw(tx, reader, act, now);
  }

  /** What is shown of it: nothing where nobody is measured, unless this reader's agreement still stands and is theirs to withdraw. */
  private async measurementOf(reader: Subscriber): Promise<Preferences['measurement']> {
    const { measure } = await this.publications.current();
    const agreed = await this.measurement.isAgreed(this.database.db, reader);
    return measure === 'consented' || agreed ? { agreed } : null;
  }

  private async clockOf(timeZone: string | null): Promise<string> {
    return timeZone ?? (await this.publications.current()).timeZone;
  }

  private async bearer(token: string): Promise<Subscriber> {
    const reading = this.signer.read('preferences', token, this.clock.now());
    if (!reading.ok && reading.reason === 'expired') {
      throw new DomainError('gone', 'This link has ended. Ask for a fresh one.');
    }
    const subscriber = reading.ok ? await this.readers.find(reading.claims.subscriberId) : undefined;
    if (!subscriber) throw notFound('subscription');
    return subscriber;
  }

  private async show(subscriber: Subscriber): Promise<Preferences> {
    const offer = await this.choices.offer(subscriber.publicationId);
    const own = await this.subscriptions.of(this.database.db, [subscriber.id]);
    const { id, email, name, locale, timeZone, status } = subscriber;
    const clock = await this.clockOf(timeZone);
    const today = localDay(this.clock.now(), clock);
    return {
      id,
      email,
      name,
      locale,
      timeZone,
      clock,
      today,
      status,
      digests: offer.digests.map((item) => {
        const mine: Choice | undefined = own.find((subscription) => subscription.digestId === item.id);
        const { topics, cadence, weekday, hour, alerts, pausedUntil } = mine ?? PLAIN;
        return {
          id: item.id,
          slug: item.slug,
          name: item.name,
          subscribed: mine !== undefined,
          topics,
          cadence,
          weekday,
          hour,
          alerts,
          pausedUntil: openPause(pausedUntil, today),
        };
      }),
      topics: offer.topics,
      measurement: await this.measurementOf(subscriber),
    };
  }
}

/** Whether nothing is asked for but not to be measured. */
function isRefusalAlone({ measurement, ...others }: PreferencesInput): boolean {
  return measurement === false && Object.values(others).every((value) => value === undefined);
}

const hasEnded = ({ status }: Subscriber) => status !== 'active' && status !== 'pending';
