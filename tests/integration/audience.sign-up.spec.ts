import { jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { ConfirmationService } from '#audience/reader/confirmation.service.js';
import { confirmTokenTtl, linkEnd, preferencesTokenTtl } from '#audience/reader/link-lifetimes.js';
import { PreferencesService } from '#audience/reader/preferences.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { TermsService } from '#audience/publication/terms.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import {
  consent,
  consentEvidence,
  delivery,
  edition,
  feedbackEvent,
  outboxMail,
  subscriber,
  subscription,
} from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import type { TokenPurpose } from '#kernel/crypto/tokens.js';
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

const VISITOR = { ip: '198.51.100.4', userAgent: 'Mail reader' };

onEachDatabase('sign-up', (open, kind) => {
  let audience: Audience;
  let daily: string;
  let harbour: string;

  beforeAll(async () => {
    audience = await openAudience(await open());
    daily = await addDigest(audience, 'daily');
    harbour = (await audience.get(TopicService).create({ name: 'Harbour' })).id;
  });
  beforeEach(() => audience.clock.set(START));

  const signUp = (email: string, more: object = {}) =>
    audience.get(SignUpService).signUp({ email, terms: 'accepted', ...more }, context());
  const rowOf = async (email: string) => {
    const [row] = await audience.database.db.select().from(subscriber).where(eq(subscriber.email, email));
    return row!;
  };
  const mailsOf = async (email: string) => {
    const { id } = await rowOf(email);
    const rows = await audience.database.db
      .select()
      .from(outboxMail)
      .where(eq(outboxMail.subscriberId, id))
      .orderBy(outboxMail.id);
    return rows.map((row) => `${row.kind} ${row.status}`);
  };
  const token = async (purpose: TokenPurpose, email: string, ttl?: number, editionId?: string) =>
    audience.signer.sign(purpose, {
      subscriberId: (await rowOf(email)).id,
      ...(ttl === undefined ? {} : { expiresAt: linkEnd(audience.clock.now(), ttl) }),
      ...(editionId ? { editionId } : {}),
    });
  const confirm = async (email: string) =>
    audience.get(ConfirmationService).confirm(await token('confirm', email, confirmTokenTtl), VISITOR);
  const activeReader = async () => {
    const email = freshAddress();
    await signUp(email);
    await confirm(email);
    return email;
  };
  const leave = async (email: string, method: 'one-click' | 'page', editionId?: string) =>
    audience
      .get(UnsubscribeService)
      .unsubscribe(await token('unsubscribe', email, undefined, editionId), { ...VISITOR, method });

  it('keeps everything a proof of consent needs', async () => {
    const email = freshAddress();
    const announced = audience.queue.jobs.length;
    const answer = await signUp(email, {
      name: 'Ann Reader',
      topics: 'harbour',
      cadence: 'weekly',
      locale: 'de-AT',
      timeZone: 'Europe/Vienna',
      pageUrl: 'https://news.example.org/a/ferry',
    });
    expect(answer).toEqual({ status: 'pending' });
    const row = await rowOf(email);
    expect(row).toMatchObject({
      status: 'pending',
      name: 'Ann Reader',
      locale: 'de-AT',
      followsDefaults: true,
    });
    const { db } = audience.database;
    const [choice] = await db.select().from(subscription).where(eq(subscription.subscriberId, row.id));
    expect(choice).toMatchObject({ digestId: daily, topics: [harbour], cadence: 'weekly', hour: null });
    const terms = await audience.get(TermsService).current('de');
    const [given] = await db.select().from(consent).where(eq(consent.subscriberId, row.id));
    expect(given).toMatchObject({
      kind: 'given',
      method: 'form',
      form: 'article',
      sentence: SENTENCE,
      termsVersionId: terms.id,
      termsSha256: terms.sha256,
      locale: 'de-AT',
      pageUrl: 'https://news.example.org/a/ferry',
      purposes: ['newsletter', 'digest:daily'],
      submittedAt: new Date(START),
      confirmedAt: null,
    });
    expect(given!.addressHmac).toEqual(row.addressHmac);
    const [evidence] = await db
      .select()
      .from(consentEvidence)
      .where(eq(consentEvidence.consentId, given!.id));
    expect(evidence).toMatchObject({ address: email, ip: '192.0.2.7', userAgent: 'Mozilla/5.0 (test)' });
    expect(await mailsOf(email)).toEqual(['confirmation queued']);
    expect(audience.queue.jobs.slice(announced)).toEqual([
      { name: 'mail.send', payload: { mailId: expect.any(String) as string } },
    ]);
  });

  it('refuses what it cannot take, and writes nothing', async () => {
    const email = freshAddress();
    const field = (name: string) => ({
      code: 'invalid_input',
      errors: [expect.objectContaining({ field: name })],
    });
    await expect(signUp(email, { terms: undefined })).rejects.toMatchObject(field('terms'));
    await expect(signUp(email, { digests: ['nope'] })).rejects.toMatchObject(field('digests.0'));
    await expect(signUp(email, { topics: ['harbour', 'nope'] })).rejects.toMatchObject(field('topics.1'));
    expect(await rowOf(email)).toBeUndefined();
  });

  it('takes the same statements and gives the same answer for unknown, known and suppressed addresses', async () => {
    const [unknown, pending, suppressed, left] = Array.from({ length: 4 }, () => freshAddress());
    const active = await activeReader();
    await signUp(pending!);
    await audience.get(SuppressionService).add(suppressed!, 'complaint');
    await signUp(left!);
    await confirm(left!);
    await leave(left!, 'one-click');
    const suppressedActive = await activeReader();
    await audience.get(SuppressionService).add(suppressedActive, 'hard_bounce');

    const runs: Record<string, string[]> = {};
    for (const [name, email] of Object.entries({
      unknown,
      pending,
      suppressed,
      left,
      active,
      suppressedActive,
    })) {
      const statements = recordStatements(audience);
      const announced = audience.queue.jobs.length;
      expect(await signUp(email!, { name: 'X', topics: ['harbour'] })).toEqual({ status: 'pending' });
      expect(audience.queue.jobs).toHaveLength(announced + 1);
      // The publication is read anew when a second has passed, whoever signs up.
      runs[name] = statements.stop().filter((statement) => !statement.includes('from "publication"'));
    }
    expect(runs.unknown!.length).toBeGreaterThan(5);
    for (const run of Object.values(runs)) expect(run).toEqual(runs.unknown);

    expect((await mailsOf(unknown!)).at(-1)).toBe('confirmation queued');
    expect((await mailsOf(pending!)).at(-1)).toBe('confirmation queued');
    expect((await mailsOf(left!)).at(-1)).toBe('confirmation queued');
    expect((await mailsOf(active)).at(-1)).toBe('already-subscribed queued');
    expect((await mailsOf(suppressed!)).at(-1)).toBe('confirmation suppressed');
    expect((await mailsOf(suppressedActive)).at(-1)).toBe('already-subscribed suppressed');
    // A stranger changes nothing of an active reader; someone who left waits for a confirmation.
    expect(await rowOf(active)).toMatchObject({ status: 'active', name: null });
    const [choice] = await audience.database.db
      .select()
      .from(subscription)
      .where(eq(subscription.subscriberId, (await rowOf(active)).id));
    expect(choice).toMatchObject({ topics: null });
    expect(await rowOf(left!)).toMatchObject({ status: 'pending', name: 'X' });
  });

  it('sends an address at most three mails an hour', async () => {
    const email = freshAddress();
    for (let n = 0; n < 5; n++) await signUp(email);
    const three = Array.from({ length: 3 }, () => 'confirmation queued');
    expect(await mailsOf(email)).toEqual([...three, 'confirmation suppressed', 'confirmation suppressed']);
    audience.clock.advance(3_600_001);
    await signUp(email);
    expect((await mailsOf(email)).at(-1)).toBe('confirmation queued');
  });

  it('takes two sign-ups of one address at once', async () => {
    const email = freshAddress();
    const times = kind === 'postgres' ? 8 : 3;
    await Promise.all(
      Array.from({ length: times }, () => signUp(email.toUpperCase().replace('EXAMPLE', 'Example'))),
    );
    const { db } = audience.database;
    const rows = await db.select().from(subscriber).where(eq(subscriber.emailNormalised, email));
    expect(rows).toHaveLength(1);
    const mails = await db.select().from(outboxMail).where(eq(outboxMail.subscriberId, rows[0]!.id));
    expect(mails).toHaveLength(times);
    expect(mails.filter((mail) => mail.status === 'queued')).toHaveLength(3);
    const choices = await db.select().from(subscription).where(eq(subscription.subscriberId, rows[0]!.id));
    expect(choices).toHaveLength(1);
  });

  describe('the confirmation link', () => {
    it('confirms once, however often it is followed, and only by a post', async () => {
      const email = freshAddress();
      await signUp(email);
      const link = await token('confirm', email, confirmTokenTtl);
      const service = audience.get(ConfirmationService);
      expect(await service.peek(link)).toMatchObject({ state: 'ready', subscriber: { email } });
      expect(await rowOf(email)).toMatchObject({ status: 'pending' });
      audience.clock.advance(60_000);
      const states = await Promise.all([1, 2, 3].map(() => service.confirm(link, VISITOR)));
      expect(states.map(({ state }) => state).sort()).toEqual(['already', 'already', 'confirmed']);
      const { id } = await rowOf(email);
      const rows = await audience.database.db
        .select()
        .from(consent)
        .where(eq(consent.subscriberId, id))
        .orderBy(consent.id);
      expect(rows.map((row) => row.kind)).toEqual(['given', 'confirmed']);
      expect(rows[1]).toMatchObject({
        sentence: SENTENCE,
        termsSha256: rows[0]!.termsSha256,
        submittedAt: rows[0]!.submittedAt,
        confirmedAt: new Date(Date.parse(START) + 60_000),
      });
      expect(await mailsOf(email)).toEqual(['confirmation queued', 'welcome queued']);
      expect(await service.peek(link)).toMatchObject({ state: 'already' });
    });

    it('expires after seven days and can be had anew', async () => {
      const email = freshAddress();
      await signUp(email);
      const link = await token('confirm', email, confirmTokenTtl);
      audience.clock.advance(confirmTokenTtl);
      const service = audience.get(ConfirmationService);
      expect(await service.confirm(link, VISITOR)).toMatchObject({ state: 'expired' });
      for (let n = 0; n < 4; n++) expect(await service.resend(link)).toEqual({ state: 'sent' });
      expect((await mailsOf(email)).slice(1)).toEqual([
        'confirmation queued',
        'confirmation queued',
        'confirmation queued',
        'confirmation suppressed',
      ]);
      expect((await confirm(email)).state).toBe('confirmed');
      expect(await service.resend(link)).toEqual({ state: 'already' });
    });

    it('brings nobody back who left since, and nobody who is suppressed', async () => {
      const email = await activeReader();
      await leave(email, 'one-click');
      expect((await confirm(email)).state).toBe('invalid');
      const other = freshAddress();
      await signUp(other);
      await audience.get(SuppressionService).add(other, 'operator');
      expect(await mailsOf(other)).toEqual(['confirmation suppressed']);
      expect((await confirm(other)).state).toBe('invalid');
      expect(await rowOf(other)).toMatchObject({ status: 'pending' });
    });

    it('gives the default digests to whom signed up before there was one', async () => {
      const email = freshAddress();
      await signUp(email);
      const { id } = await rowOf(email);
      await audience.database.db.delete(subscription).where(eq(subscription.subscriberId, id));
      await confirm(email);
      const rows = await audience.database.db
        .select()
        .from(subscription)
        .where(eq(subscription.subscriberId, id));
      expect(rows.map((row) => row.digestId)).toEqual([daily]);
    });
  });

  it('lets no link serve another purpose', async () => {
    const email = await activeReader();
    const links = {
      confirm: await token('confirm', email, confirmTokenTtl),
      preferences: await token('preferences', email, preferencesTokenTtl),
      unsubscribe: await token('unsubscribe', email),
    };
    const doors: Record<keyof typeof links, (link: string) => Promise<{ state: string }>> = {
      confirm: (link) => audience.get(ConfirmationService).peek(link),
      preferences: (link) => audience.get(PreferencesService).view(link),
      unsubscribe: (link) => audience.get(UnsubscribeService).peek(link),
    };
    for (const [door, look] of Object.entries(doors)) {
      for (const [purpose, link] of Object.entries(links)) {
        const { state } = await look(link);
        expect([door, purpose, state === 'invalid']).toEqual([door, purpose, door !== purpose]);
      }
      expect(await look('x'.repeat(60))).toEqual({ state: 'invalid' });
    }
  });

  describe('unsubscribing', () => {
    const makeEdition = async () => {
      const id = newId();
      const { db } = audience.database;
      await db.insert(edition).values({
        id,
        publicationId: audience.publicationId,
        digestId: daily,
        slug: `edition-${id}`,
        status: 'sending',
      });
      return id;
    };

    it('by one click stops everything that waits, and is as good the second time', async () => {
      const email = await activeReader();
      const other = await activeReader();
      const editionId = await makeEdition();
      const { id } = await rowOf(email);
      const { db } = audience.database;
      const due = { editionId, variantId: newId(), batch: 0, dueAt: new Date(START) };
      await db.insert(delivery).values([
        { ...due, subscriberId: id },
        { ...due, subscriberId: (await rowOf(other)).id },
      ]);
      expect(await leave(email, 'one-click', editionId)).toMatchObject({
        state: 'unsubscribed',
        subscriber: { status: 'unsubscribed', unsubscribedAt: new Date(START) },
      });
      audience.clock.advance(1000);
      expect((await leave(email, 'one-click', editionId)).state).toBe('already');
      expect((await leave(email, 'page', editionId)).state).toBe('already');

      expect(await rowOf(email)).toMatchObject({ unsubscribedAt: new Date(START) });
      const deliveries = await db.select().from(delivery).where(eq(delivery.editionId, editionId));
      expect(deliveries.find((row) => row.subscriberId === id)?.status).toBe('suppressed');
      expect(deliveries.find((row) => row.subscriberId !== id)?.status).toBe('queued');
      // No receipt: a mail after a one-click is what the reader refused.
      expect(await mailsOf(email)).toEqual(['confirmation suppressed', 'welcome suppressed']);
      const events = await db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
      expect(events).toMatchObject([{ type: 'unsubscribe', editionId, detail: { method: 'one-click' } }]);
      const withdrawn = (await db.select().from(consent).where(eq(consent.subscriberId, id))).filter(
        (row) => row.kind === 'withdrawn',
      );
      expect(withdrawn).toMatchObject([{ method: 'one-click' }]);
    });

    it('on the page sends a receipt, once', async () => {
      const email = await activeReader();
      expect((await leave(email, 'page')).state).toBe('unsubscribed');
      await leave(email, 'page');
      await leave(email, 'one-click');
      expect((await mailsOf(email)).filter((mail) => mail.startsWith('unsubscribed'))).toEqual([
        'unsubscribed queued',
      ]);
    });

    it('happens once when asked for many times at once', async () => {
      const email = await activeReader();
      const states = await Promise.all([1, 2, 3, 4].map(() => leave(email, 'page')));
      expect(states.filter(({ state }) => state === 'unsubscribed')).toHaveLength(1);
    });

    it('succeeds for a reader who is no more, by a link years old', async () => {
      const link = audience.signer.sign('unsubscribe', { subscriberId: newId() });
      audience.clock.set('2040-01-01T00:00:00Z');
      const service = audience.get(UnsubscribeService);
      expect(await service.peek(link)).toEqual({ state: 'already' });
      expect(await service.unsubscribe(link, { ...VISITOR, method: 'one-click' })).toEqual({
        state: 'already',
      });
      expect(await service.unsubscribe('nonsense', { ...VISITOR, method: 'one-click' })).toEqual({
        state: 'invalid',
      });
    });

    it('can be followed by signing up again, which needs a new confirmation', async () => {
      const email = await activeReader();
      await leave(email, 'page');
      await signUp(email);
      expect(await rowOf(email)).toMatchObject({ status: 'pending' });
      expect((await confirm(email)).state).toBe('confirmed');
      expect(await rowOf(email)).toMatchObject({ status: 'active', unsubscribedAt: null });
    });
  });

  describe('preferences', () => {
    it('are shown and changed by the link', async () => {
      const weekly = await addDigest(audience, 'weekly', false);
      const email = await activeReader();
      const link = await token('preferences', email, preferencesTokenTtl);
      const service = audience.get(PreferencesService);
      expect(await service.view(link)).toMatchObject({
        state: 'ok',
        preferences: {
          email,
          digests: [
            { slug: 'daily', subscribed: true },
            { slug: 'weekly', subscribed: false },
          ],
        },
      });
      const after = await service.update(link, {
        name: 'Ann',
        timeZone: 'Asia/Tokyo',
        digests: [{ digest: 'weekly', topics: ['harbour'], cadence: 'daily', hour: '6' }],
      });
      expect(after).toMatchObject({
        name: 'Ann',
        timeZone: 'Asia/Tokyo',
        digests: [
          { slug: 'daily', subscribed: false },
          { id: weekly, subscribed: true, topics: [harbour], cadence: 'daily', hour: 6 },
        ],
      });
      expect(await rowOf(email)).toMatchObject({ followsDefaults: false });
      expect(await service.update(link, { name: '' })).toMatchObject({ name: null, timeZone: 'Asia/Tokyo' });
      await expect(service.update(link, { digests: [{ digest: 'nope' }] })).rejects.toMatchObject({
        errors: [{ field: 'digests.0.digest' }],
      });
      await expect(service.update(link, { digests: [{ digest: 'daily', hour: 24 }] })).rejects.toMatchObject({
        errors: [{ field: 'digests.0.hour' }],
      });
    });

    it('end everything, and bring nobody back', async () => {
      const email = await activeReader();
      const link = await token('preferences', email, preferencesTokenTtl);
      const service = audience.get(PreferencesService);
      expect((await service.leaveAll(link, VISITOR)).state).toBe('unsubscribed');
      expect((await mailsOf(email)).at(-1)).toBe('unsubscribed queued');
      await expect(service.update(link, { name: 'x' })).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'unsubscribed' },
      });
    });

    it('of a link that has ended can be had by mail', async () => {
      const email = await activeReader();
      const link = await token('preferences', email, preferencesTokenTtl);
      audience.clock.advance(preferencesTokenTtl);
      const service = audience.get(PreferencesService);
      expect(await service.view(link)).toEqual({ state: 'expired' });
      await expect(service.update(link, {})).rejects.toMatchObject({ code: 'gone' });
      expect(await service.sendLink(link)).toEqual({ state: 'sent' });
      expect((await mailsOf(email)).at(-1)).toBe('preferences-link queued');
      expect(await service.sendLink('nonsense')).toEqual({ state: 'invalid' });
    });
  });
});

/** Notes the text of every statement that is prepared, whichever driver runs it. */
function recordStatements(audience: Audience): { stop: () => string[] } {
  const session = (audience.database.db as unknown as { _: { session: object } })._.session;
  const prototype = Object.getPrototypeOf(session) as { prepareQuery: (query: { sql: string }) => unknown };
  const statements: string[] = [];
  const original = prototype.prepareQuery;
  const spy = jest.spyOn(prototype, 'prepareQuery').mockImplementation(function (this: unknown, ...args) {
    statements.push(args[0].sql.replace(/\s+/g, ' '));
    return original.apply(this, args);
  });
  return {
    stop: () => {
      spy.mockRestore();
      return statements;
    },
  };
}
