import { jest } from '@jest/globals';
import { asc, eq, type SQL } from 'drizzle-orm';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { ConsentVerifier } from '#audience/consent/consent-verifier.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Complaints } from '#audience/reader/complaints.js';
import { ConfirmationService } from '#audience/reader/confirmation.service.js';
import { confirmTokenTtl, linkEnd, preferencesTokenTtl } from '#audience/reader/link-lifetimes.js';
import { PreferencesService } from '#audience/reader/preferences.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import {
  consent,
  digest,
  edition,
  editionLink,
  readerClick,
  readerOpen,
  subscriber,
} from '#database/schema/index.js';
import { rowsOf } from '#database/rows.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import {
  addDigest,
  context,
  freshAddress,
  openAudience,
  SENTENCE,
  START,
  type Audience,
} from './audience.harness.js';

const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' };
const VISITOR = { ip: '198.51.100.4', userAgent: 'Mail reader' };
const MEASURED = 'I agree that you see which links I follow.';

onEachDatabase('the consent to be measured', (open) => {
  let audience: Audience;
  let editionId: string;

  beforeAll(async () => {
    audience = await openAudience(await open());
    const digestId = await addDigest(audience, 'daily');
    editionId = newId();
    const { db } = audience.database;
    const [row] = await db.select().from(digest).where(eq(digest.id, digestId));
    await db.insert(edition).values({
      id: editionId,
      publicationId: row!.publicationId,
      digestId,
      slug: `edition-${editionId}`,
      status: 'sent',
    });
    await db.insert(editionLink).values({ editionId, number: 0, url: 'https://post.example/' });
  });
  beforeEach(async () => {
    audience.clock.set(START);
    await measures('consented');
  });

  const measures = (measure: 'totals' | 'consented') => audience.get(PublicationService).update({ measure });
  const subscribers = () => audience.get(SubscriberService);
  const rowOf = async (email: string) => {
    const [row] = await audience.database.db.select().from(subscriber).where(eq(subscriber.email, email));
    return row!;
  };
  const sinceOf = async (email: string) => (await rowOf(email)).measuredSince;
  const ledgerOf = async (email: string, id?: string) => {
    const subscriberId = id ?? (await rowOf(email)).id;
    const rows = await audience.database.db
      .select()
      .from(consent)
      .where(eq(consent.subscriberId, subscriberId))
      .orderBy(asc(consent.id));
    return rows.map(({ kind, method, purposes }) => `${kind} ${method} ${purposes.join('+')}`);
  };
  const signUp = (email: string, purposes?: unknown) =>
    audience
      .get(SignUpService)
      .signUp(
        { email, terms: 'on', ...(purposes === undefined ? {} : { purposes }) },
        context({ measurementSentence: MEASURED }),
      );
  const tokenOf = (purpose: 'confirm' | 'preferences', subscriberId: string) =>
    audience.signer.sign(purpose, {
      subscriberId,
      expiresAt: linkEnd(audience.clock.now(), purpose === 'confirm' ? confirmTokenTtl : preferencesTokenTtl),
    });
  const confirm = async (email: string) =>
    audience.get(ConfirmationService).confirm(tokenOf('confirm', (await rowOf(email)).id), VISITOR);
  const choose = async (email: string, measurement: boolean) =>
    audience
      .get(PreferencesService)
      .update(
        tokenOf('preferences', (await rowOf(email)).id),
        { measurement },
        { ...VISITOR, sentence: MEASURED },
      );
  const add = (email: string, more: object = {}) =>
    subscribers().create({ email, status: 'active', consent: CONSENT, ...more });
  /** Somebody who is measured, and of whom something is stored. */
  const measured = async () => {
    const email = freshAddress();
    const { id } = await add(email, { purposes: ['newsletter', 'measurement'] });
    await store(id);
    expect(await storedOf(id)).toEqual([1, 1]);
    return { email, id };
  };
  const store = (subscriberId: string, at = audience.clock.now().getTime()) =>
    audience.database.transaction(async (tx) => {
      const seen = { editionId, subscriberId, firstAt: at, lastAt: at };
      const repository = audience.get(MeasuredReaderRepository);
      await repository.add(tx, {
        clicks: [{ ...seen, number: 0, count: 1 }],
        opens: [{ ...seen, opened: 1, prefetched: 0 }],
      });
    });
  const storedOf = async (id: string) => {
    const { db } = audience.database;
    const clicks = await db.select().from(readerClick).where(eq(readerClick.subscriberId, id));
    const opens = await db.select().from(readerOpen).where(eq(readerOpen.subscriberId, id));
    return [clicks.length, opens.length];
  };

  it.each([
    ['a list', ['newsletter', 'measurement']],
    ['one box of a form', 'measurement'],
  ])('comes with a sign-up (%s), and holds from the confirmation', async (_, purposes) => {
    const email = freshAddress();
    await signUp(email, purposes);
    const { id } = await rowOf(email);
    expect(await sinceOf(email)).toBeNull();
    const [given] = await audience.database.db.select().from(consent).where(eq(consent.subscriberId, id));
    expect(given).toMatchObject({
      purposes: ['newsletter', 'digest:daily', 'measurement'],
      sentence: `${SENTENCE}\n${MEASURED}`,
    });
    await store(id);
    expect(await storedOf(id)).toEqual([0, 0]);
    expect(await audience.get(ConfirmationService).peek(tokenOf('confirm', id))).toMatchObject({
      measured: true,
    });
    audience.clock.advance(60_000);
    await confirm(email);
    expect(await sinceOf(email)).toEqual(audience.clock.now());
    expect(await ledgerOf(email)).toEqual([
      'given form newsletter+digest:daily+measurement',
      'confirmed confirmation-link newsletter+digest:daily+measurement',
    ]);
  });

  it.each([
    ['the box is left empty', 'consented' as const, undefined],
    ['only the newsletter is named', 'consented' as const, ['newsletter']],
    ['the publication does not ask', 'totals' as const, ['newsletter', 'measurement']],
  ])('does not when %s', async (_, measure, purposes) => {
    await measures(measure);
    const email = freshAddress();
    await signUp(email, purposes);
    expect(
      await audience.get(ConfirmationService).peek(tokenOf('confirm', (await rowOf(email)).id)),
    ).toMatchObject({
      measured: false,
    });
    await confirm(email);
    expect(await sinceOf(email)).toBeNull();
    expect((await ledgerOf(email)).join()).not.toContain('measurement');
  });

  it('is not what an earlier sign-up said, of whoever typed the address', async () => {
    const email = freshAddress();
    await signUp(email, ['measurement']);
    audience.clock.advance(1_000);
    await signUp(email);
    await confirm(email);
    expect(await sinceOf(email)).toBeNull();
  });

  it('is nobody’s to give for an active reader by typing their address', async () => {
    const email = freshAddress();
    await add(email);
    await signUp(email, ['measurement']);
    expect(await sinceOf(email)).toBeNull();
  });

  it('refuses purposes that there are not', async () => {
    await expect(signUp(freshAddress(), ['advertising'])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('is given and withdrawn by preferences, in the ledger and in what is stored', async () => {
    const email = freshAddress();
    const { id } = await add(email);
    await choose(email, true);
    expect(await sinceOf(email)).toEqual(audience.clock.now());
    await choose(email, true);
    await store(id);
    expect(await storedOf(id)).toEqual([1, 1]);
    audience.clock.advance(60_000);
    const shown = await choose(email, false);
    expect(shown.measurement).toEqual({ agreed: false });
    expect([await sinceOf(email), await storedOf(id)]).toEqual([null, [0, 0]]);
    await store(id);
    expect(await storedOf(id)).toEqual([0, 0]);
    await choose(email, false);
    expect(await ledgerOf(email)).toEqual([
      'given api newsletter+digest:daily',
      'given preferences measurement',
      'withdrawn preferences measurement',
    ]);
    const rows = await audience.database.db.select().from(consent).where(eq(consent.subscriberId, id));
    expect(rows.map(({ sentence }) => sentence).sort()).toEqual([MEASURED, CONSENT.source, null].sort());
    // Whoever leaves then still withdraws what the newsletter was given for.
    await audience.get(UnsubscribeService).leave(id, { ...VISITOR, method: 'page' });
    expect((await ledgerOf(email)).at(-1)).toBe('withdrawn page newsletter+digest:daily');
  });

  it('given by preferences before the confirmation holds from that', async () => {
    const email = freshAddress();
    await signUp(email);
    audience.clock.advance(1_000);
    const shown = await choose(email, true);
    expect([shown.measurement, await sinceOf(email)]).toEqual([{ agreed: true }, null]);
    await confirm(email);
    expect(await sinceOf(email)).toEqual(audience.clock.now());
    expect((await ledgerOf(email)).at(-1)).toBe(
      'confirmed confirmation-link newsletter+digest:daily+measurement',
    );
  });

  it('is asked for while readers are measured, and can be withdrawn at any time', async () => {
    const { email, id } = await measured();
    await measures('totals');
    const other = await add(freshAddress());
    const shown = async (of: string) => {
      const reading = await audience.get(PreferencesService).view(tokenOf('preferences', of));
      return reading.state === 'ok' && reading.preferences.measurement;
    };
    expect([await shown(other.id), await shown(id)]).toEqual([null, { agreed: true }]);
    await audience
      .get(PreferencesService)
      .update(tokenOf('preferences', other.id), { measurement: true }, { ...VISITOR, sentence: MEASURED });
    expect((await subscribers().get(other.id)).measuredSince).toBeNull();
    await store(id); // nobody is measured
    expect((await audience.get(MeasuredReaderRepository).of(id)).clicks).toMatchObject([{ count: 1 }]);
    await choose(email, false);
    expect(await storedOf(id)).toEqual([0, 0]);
  });

  it.each<[string, (id: string) => Promise<unknown>, string]>([
    [
      'one-click',
      (id) => audience.get(UnsubscribeService).leave(id, { ...VISITOR, method: 'one-click' }),
      'withdrawn one-click newsletter+digest:daily+measurement',
    ],
    [
      'leaving everything',
      (id) => audience.get(PreferencesService).leaveAll(tokenOf('preferences', id), VISITOR),
      'withdrawn preferences newsletter+digest:daily+measurement',
    ],
    [
      'a complaint',
      (id) =>
        audience.database.transaction((tx) =>
          audience
            .get(Complaints)
            .take(tx, { subscriberId: id, editionId: null, returnedItemId: null, feedbackType: 'abuse' }),
        ),
      'withdrawn complaint newsletter+digest:daily+measurement',
    ],
    [
      'an operator who ends the subscription',
      (id) => subscribers().patch(id, { status: 'unsubscribed' }),
      'withdrawn operator newsletter+digest:daily+measurement',
    ],
    [
      'an operator who withdraws it',
      (id) => subscribers().patch(id, { purposes: ['newsletter'] }),
      'withdrawn operator measurement',
    ],
    ['an erasure', (id) => subscribers().erase(id), 'given api newsletter+digest:daily+measurement'],
  ])('ends with %s, and what was stored goes', async (_, end, last) => {
    const { email, id } = await measured();
    await end(id);
    expect(await storedOf(id)).toEqual([0, 0]);
    expect((await rowOf(email))?.measuredSince ?? null).toBeNull();
    expect((await ledgerOf(email, id)).at(-1)).toBe(last);
    await store(id);
    expect(await storedOf(id)).toEqual([0, 0]);
  });

  it('is stated by operators, with how it was given', async () => {
    const email = freshAddress();
    await expect(subscribers().create({ email, purposes: ['measurement'] })).rejects.toMatchObject({
      errors: [expect.objectContaining({ field: 'consent' })],
    });
    const { id, measuredSince } = await add(email);
    expect(measuredSince).toBeNull();
    const purposes = ['newsletter', 'measurement'];
    await expect(subscribers().patch(id, { purposes })).rejects.toMatchObject({
      errors: [expect.objectContaining({ field: 'consent' })],
    });
    await measures('totals');
    await expect(subscribers().patch(id, { purposes, consent: CONSENT })).rejects.toMatchObject({
      errors: [expect.objectContaining({ field: 'purposes', code: 'not_measured' })],
    });
    await measures('consented');
    expect((await subscribers().patch(id, { purposes, consent: CONSENT })).measuredSince).toEqual(
      audience.clock.now(),
    );
    expect(await ledgerOf(email)).toEqual(['given api newsletter+digest:daily', 'given api measurement']);
    expect((await subscribers().patch(id, { name: 'Ann' })).measuredSince).not.toBeNull();
  });

  it('stated of a pending reader holds from their confirmation', async () => {
    const email = freshAddress();
    await subscribers().create({ email, consent: CONSENT, purposes: ['measurement'] });
    expect(await sinceOf(email)).toBeNull();
    await confirm(email);
    expect(await sinceOf(email)).not.toBeNull();
  });

  it('is no operator’s to give back to who has left', async () => {
    const { id } = await measured();
    await subscribers().patch(id, { status: 'unsubscribed' });
    await expect(
      subscribers().patch(id, { purposes: ['measurement'], consent: CONSENT }),
    ).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('shows the reader all that is stored of them', async () => {
    const { id } = await measured();
    const at = audience.clock.now();
    expect((await subscribers().data(id)).measured).toEqual({
      clicks: [{ editionId, number: 0, firstAt: at, lastAt: at, count: 1 }],
      opens: [{ editionId, firstAt: at, lastAt: at, opened: 1, prefetched: 0 }],
    });
  });

  it('keeps what is stored for a time', async () => {
    const { id } = await measured();
    const repository = audience.get(MeasuredReaderRepository);
    await repository.forgetOld(audience.clock.now(), 100);
    expect(await storedOf(id)).toEqual([1, 1]);
    expect(
      await repository.forgetOld(new Date(audience.clock.now().getTime() + 1), 100),
    ).toBeGreaterThanOrEqual(2);
    expect(await storedOf(id)).toEqual([0, 0]);
  });

  it('is waited for: a withdrawal that is being committed, and a click, come one after the other', async () => {
    const { email, id } = await measured();
    await Promise.all([choose(email, false), store(id), store(id)]);
    expect(await storedOf(id)).toEqual([0, 0]);
  });

  it('is not of what was done before it: a click between two agreements is nobody’s', async () => {
    const { email, id } = await measured();
    await choose(email, false);
    audience.clock.advance(60_000);
    const between = audience.clock.now().getTime();
    audience.clock.advance(60_000);
    await choose(email, true);
    await store(id, between);
    expect(await storedOf(id)).toEqual([0, 0]);
    await store(id);
    expect(await storedOf(id)).toEqual([1, 1]);
  });

  it.each(['bounced', 'unsubscribed', 'complained'] as const)(
    'can be withdrawn by a reader who is %s, by the same link',
    async (status) => {
      const { email, id } = await measured();
      const { db } = audience.database;
      await db.update(subscriber).set({ status }).where(eq(subscriber.id, id));
      const shown = await choose(email, false);
      expect(shown).toMatchObject({ status, measurement: { agreed: false } });
      expect([await sinceOf(email), await storedOf(id)]).toEqual([null, [0, 0]]);
      expect((await ledgerOf(email)).at(-1)).toBe('withdrawn preferences measurement');
      await expect(choose(email, true)).rejects.toMatchObject({ code: 'wrong_state' });
      expect(await sinceOf(email)).toBeNull();
    },
  );

  it('is withdrawn by a page from before the bounce too, though the rest of it is refused', async () => {
    const { email, id } = await measured();
    const { db } = audience.database;
    await db.update(subscriber).set({ status: 'bounced' }).where(eq(subscriber.id, id));
    const saved = audience
      .get(PreferencesService)
      .update(
        tokenOf('preferences', id),
        { name: 'Ann', measurement: false },
        { ...VISITOR, sentence: MEASURED },
      );
    await expect(saved).rejects.toMatchObject({ code: 'wrong_state' });
    expect([await sinceOf(email), (await rowOf(email)).name]).toEqual([null, null]);
  });

  it('is looked at under one lock of all readers, in the order of their ids', async () => {
    const ids = [(await measured()).id, (await measured()).id, (await measured()).id].sort();
    const [first, second, third] = ids as [string, string, string];
    const at = audience.clock.now().getTime();
    const seen = (subscriberId: string) => ({ editionId, subscriberId, firstAt: at, lastAt: at });
    const clicks = [third, first].map((id) => ({ ...seen(id), number: 0, count: 1 }));
    const opens = [second, first].map((id) => ({ ...seen(id), opened: 1, prefetched: 0 }));
    const locks: string[][] = [];
    await audience.database.transaction(async (tx) => {
      const execute = tx.execute.bind(tx);
      jest.spyOn(tx, 'execute').mockImplementation(((query: SQL) =>
        execute(query).then((result: unknown) => {
          const rows = rowsOf<{ id?: string; since?: number }>(result);
          if (rows[0]?.since !== undefined) locks.push(rows.map(({ id }) => id!));
          return result;
        })) as typeof tx.execute);
      await audience.get(MeasuredReaderRepository).add(tx, { clicks, opens });
    });
    expect(locks).toEqual([ids]);
    expect((await audience.get(MeasuredReaderRepository).of(first)).clicks).toMatchObject([{ count: 2 }]);
  });

  it('leaves a ledger that can be proved', async () => {
    expect(await audience.get(ConsentVerifier).verify()).toMatchObject({ ok: true });
  });
});
