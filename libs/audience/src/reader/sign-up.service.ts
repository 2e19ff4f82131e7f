import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { AddressHasher } from '../suppression/address-hasher.js';
import { preferencesFields } from '../choices/choice-fields.js';
import { Choices, type ResolvedWish } from '../choices/choices.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { countReaders } from '../numbers/count-readers.js';
import {
  blankable,
  emailField,
  line,
  listField,
  localeField,
  recorded,
  reference,
  termsField,
  timeZoneField,
  webUrlField,
} from '../publication/fields.js';
import { MAILS_PER_ADDRESS, throttleStart } from '../subscribers/mail-throttle.js';
import { namesMeasurement, purposesField, withMeasurement } from '../measurement/purposes.js';
import { PublicationService, type Publication } from '../publication/publication.service.js';
import { SignUpRepository, type SignUpRow } from './sign-up.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { TermsService, type Terms } from '../publication/terms.service.js';

/** What `POST /subscribe` takes, from a form or as JSON. Further fields are ignored: forms carry some. */
export const signUpInput = z.object({
  email: emailField,
  terms: termsField,
  name: blankable(line(200)),
  topics: listField(reference),
  digests: listField(reference),
  /** `measurement` counts while the publication measures with consent; `newsletter` goes without saying. */
  purposes: purposesField,
  ...preferencesFields,
  locale: blankable(localeField),
  timeZone: blankable(timeZoneField),
  pageUrl: blankable(webUrlField),
});
export type SignUpInput = z.output<typeof signUpInput>;

/** What the web knows of a sign-up that the reader did not type. */
export interface SignUpContext {
  ip: string | null;
  userAgent: string | null;
  form: 'article' | 'subscribe' | 'embed' | 'json';
  /** How it came in: `form`, `json` … */
  method: string;
  /** The exact sentence shown beside the box, as plain text. */
  sentence: string;
  /** The sentence beside the box for being measured, if there is one. */
  measurementSentence?: string | null;
}

/** Takes sign-ups, with double opt-in. */
@Injectable()
export class SignUpService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly terms: TermsService,
    private readonly choices: Choices,
    private readonly hasher: AddressHasher,
    private readonly signUps: SignUpRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly ledger: ConsentLedger,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes a sign-up and the wish for its mail in one transaction. The answer, and the number and kind of statements
   * it takes, are the same for an address that is new, known or suppressed, so neither tells which it is.
   *
   * A stranger may have typed the address: an active subscriber's data stays as it is.
   * @param wanted see {@link signUpInput}
   * @throws DomainError `invalid_input`
   */
  async signUp(wanted: SignUpInput, context: SignUpContext): Promise<{ status: 'pending' }> {
    const publication = await this.publications.current();
    const wish = await this.choices.resolve(publication.id, wanted);
    const locale = wanted.locale ?? publication.locale;
    const terms = await this.terms.current(locale);
    const row: SignUpRow = {
      id: newId(),
      publicationId: publication.id,
      email: wanted.email.address,
      emailNormalised: wanted.email.normalised,
      addressHmac: await this.hasher.hash(wanted.email.normalised),
      name: wanted.name ?? null,
      locale,
      source: context.form,
      timeZone: wanted.timeZone ?? null,
      followsDefaults: wish.followsDefaults,
      firstWish: wish.firstWish,
      now: this.clock.now(),
    };
    const agreed = agreedTo(wish, context, publication, namesMeasurement(wanted.purposes));
    const mailId = await this.database.transaction(async (tx) => {
      const { id, kind, held, isNew } = await this.write(tx, row, wish);
      await this.ledger.append(tx, given(id, row, { ...agreed, terms }, context, wanted.pageUrl));
      await countReaders(tx, [{ id, counts: isNew ? ['signUps'] : [] }], row.now);
      return this.outbox.write(tx, {
        publicationId: publication.id,
        kind,
        subscriberId: id,
        suppressed: held,
      });
    });
    // Also for a mail that is held back: an answer without the announcement would come sooner, and tell.
    await this.outbox.announce(mailId);
    return { status: 'pending' };
  }

  private async write(tx: Executor, row: SignUpRow, wish: ResolvedWish) {
    const { id, status } = await this.signUps.insertOrLock(tx, row);
    const { suppressed, mails } = await this.signUps.standing(tx, {
      subscriberId: id,
      publicationId: row.publicationId,
      addressHmac: row.addressHmac,
      since: throttleStart(row.now),
    });
    const mayChange = status === 'pending' || (status !== 'active' && !suppressed);
    await this.signUps.applyIf(tx, mayChange, id, row);
    await this.subscriptions.replaceIf(tx, mayChange, id, wish.choices, row.now);
    return {
      id,
      kind: status === 'active' ? ('already-subscribed' as const) : ('confirmation' as const),
      held: suppressed || mails >= MAILS_PER_ADDRESS,
      /** Was no reader before, or none any more. */
      isNew: id === row.id || (mayChange && status !== 'pending'),
    };
  }
}

/** What is agreed to, in which words. The box for being measured is one of its own, with its own sentence. */
function agreedTo(
  { purposes }: ResolvedWish,
  { sentence, measurementSentence }: SignUpContext,
  { measure }: Publication,
  isTicked: boolean,
): { purposes: string[]; sentence: string } {
  if (!isTicked || measure !== 'consented') return { purposes, sentence };
  return {
    purposes: withMeasurement(purposes, true),
    sentence: measurementSentence ? `${sentence}\n${measurementSentence}` : sentence,
  };
}

function given(
  subscriberId: string,
  row: SignUpRow,
  { purposes, sentence, terms }: { purposes: string[]; sentence: string; terms: Terms },
  context: SignUpContext,
  pageUrl: string | undefined,
) {
  return {
    publicationId: row.publicationId,
    subscriberId,
    kind: 'given' as const,
    method: context.method,
    form: context.form,
    terms,
    sentence,
    purposes,
    locale: row.locale,
    pageUrl: pageUrl ?? null,
    addressHmac: row.addressHmac,
    submittedAt: row.now,
    evidence: {
      address: row.email,
      ip: recorded(context.ip, 64),
      userAgent: recorded(context.userAgent),
    },
  };
}
