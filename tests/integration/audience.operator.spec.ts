import { eq } from 'drizzle-orm';
import { AddressHasher } from '#audience/suppression/address-hasher.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { publicationWarnings } from '#audience/publication/publication.schema.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { FindReaders } from '#audience/finding/find-readers.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { TermsService } from '#audience/publication/terms.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import {
  consent,
  consentEvidence,
  delivery,
  digest,
  edition,
  feedbackEvent,
  installationSecret,
  outboxMail,
  publication,
  subscriber,
  subscription,
  termsVersion,
} from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { KEY_ID_BYTES, Keyring } from '#kernel/crypto/keyring.js';
import { onEachDatabase } from '../support/databases.js';
import {
  addDigest,
  context,
  FIRST_SECRET,
  freshAddress,
  openAudience,
  START,
  type Audience,
} from './audience.harness.js';

const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' };

onEachDatabase('the audience, for operators', (open, kind) => {
  let audience: Audience;
  let daily: string;
  beforeAll(async () => {
    audience = await openAudience(await open());
    daily = await addDigest(audience, 'daily');
  });
  beforeEach(() => audience.clock.set(START));
  const finding = () => audience.get(FindReaders);
  const subscribers = () => audience.get(SubscriberService);
  const add = (more: object = {}) =>
    subscribers().create({ email: freshAddress(), status: 'active', consent: CONSENT, ...more });

  describe('the publication', () => {
    it('is made once, by however many processes', async () => {
      const database = await open();
      await Promise.all([1, 2, 3, 4].map(() => openAudience(database)));
      expect(await database.db.select().from(publication)).toHaveLength(1);
      const terms = await database.db.select().from(termsVersion);
      expect(terms.map((row) => `${row.locale} ${row.version}`).sort()).toEqual([
        'ar 1',
        'de 1',
        'en 1',
        'es 1',
        'fr 1',
      ]);
    });

    it('warns of what is not set', async () => {
      const row = await audience.get(PublicationService).current();
      expect(publicationWarnings(row).map((warning) => warning.field)).toEqual([
        'postalAddress',
        'senderEmail',
        'baseUrl',
      ]);
    });

    it('changes what is given and keeps the rest', async () => {
      const service = audience.get(PublicationService);
      await service.update({
        theme: { logoUrl: 'https://example.org/logo.png' },
        wording: { button: 'Join' },
      });
      const row = await service.update({
        name: 'The Harbour Post',
        senderEmail: 'News@Example.org',
        theme: { accentColor: '#00AA00' },
        wording: { agreement: 'I agree to the [terms].' },
      });
      expect(row).toMatchObject({
        name: 'The Harbour Post',
        senderEmail: 'News@example.org',
        locale: 'en',
        theme: { accentColor: '#00aa00', logoUrl: 'https://example.org/logo.png' },
        wording: { button: 'Join', agreement: 'I agree to the [terms].' },
      });
      expect(await service.current()).toEqual(row);
      await expect(service.update({ locale: '!!', colour: 1 })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    });
  });

  describe('terms', () => {
    it('get a new version for every text, also when two are published at once', async () => {
      const service = audience.get(TermsService);
      const made = await Promise.all([
        service.publish({ locale: 'nl', text: 'Een' }),
        service.publish({ locale: 'nl', text: 'Twee' }),
      ]);
      expect(made.map((row) => row.version).sort()).toEqual([1, 2]);
      const current = await service.current('nl-BE');
      expect(current).toMatchObject({ locale: 'nl', version: 2 });
      expect(await service.byVersion(1, 'nl')).toMatchObject({ locale: 'nl', version: 1 });
      expect(await service.current('ja')).toMatchObject({ locale: 'en', version: 1 });
      await expect(service.byVersion(7, 'nl')).rejects.toMatchObject({ code: 'not_found' });
      const page = await service.list({ limit: '3' });
      expect(page.data).toHaveLength(3);
      const next = await service.list({ cursor: page.nextCursor });
      expect(next.data.length).toBeGreaterThan(0);
      expect(next.data.map((row) => row.id)).not.toContain(page.data.at(-1)!.id);
    });
  });

  describe('topics', () => {
    it('are made, changed and listed', async () => {
      const service = audience.get(TopicService);
      const topic = await service.create({ name: 'City Council', description: 'Votes' });
      expect(topic.slug).toBe('city-council');
      await expect(service.create({ name: 'City  council' })).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ field: 'slug', code: 'taken' }],
      });
      expect(await service.update(topic.id, { name: 'Council', description: null })).toMatchObject({
        name: 'Council',
        slug: 'city-council',
        description: null,
      });
      expect((await service.list()).data.map((row) => row.id)).toContain(topic.id);
      await expect(service.get('nonsense')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('leave readers’ choices with the rest when deleted, but not a digest that is about them', async () => {
      const service = audience.get(TopicService);
      const [ferry, weather] = [
        await service.create({ name: 'Ferry' }),
        await service.create({ name: 'Weather' }),
      ];
      const reader = await add({ topics: ['ferry', 'weather'] });
      const { db } = audience.database;
      await db
        .update(digest)
        .set({ topics: [ferry.id] })
        .where(eq(digest.id, daily));
      await expect(service.delete(ferry.id)).rejects.toMatchObject({
        code: 'conflict',
        extra: { digestId: daily },
      });
      await db.update(digest).set({ topics: null }).where(eq(digest.id, daily));
      await service.delete(ferry.id);
      expect((await subscribers().get(reader.id)).digests[0]).toMatchObject({ topics: [weather.id] });
      await expect(service.delete(ferry.id)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('a subscriber', () => {
    it('is active by the operator’s statement of consent', async () => {
      const made = await add({
        name: 'Bo',
        attributes: { club: true },
        consent: { ...CONSENT, at: '2025-12-24T10:00:00+01:00' },
      });
      expect(made).toMatchObject({
        status: 'active',
        suppressed: false,
        followsDefaults: true,
        attributes: { club: true },
        confirmedAt: new Date('2025-12-24T09:00:00Z'),
        digests: [{ digestId: daily, slug: 'daily', topics: null, cadence: 'every', hour: null }],
      });
      const { data } = await subscribers().consents(made.id);
      expect(data).toMatchObject([{ kind: 'given', method: 'api', sentence: CONSENT.source }]);
      const mails = await audience.database.db
        .select()
        .from(outboxMail)
        .where(eq(outboxMail.subscriberId, made.id));
      expect(mails).toEqual([]);
    });

    it('is sent a confirmation when pending', async () => {
      const made = await subscribers().create({ email: freshAddress() });
      expect(made.status).toBe('pending');
      const mails = await audience.database.db
        .select()
        .from(outboxMail)
        .where(eq(outboxMail.subscriberId, made.id));
      expect(mails).toMatchObject([{ kind: 'confirmation', status: 'queued' }]);
    });

    it('is refused without consent, twice, suppressed, or with choices that do not exist', async () => {
      const { id, email } = await add();
      await expect(subscribers().create({ email: freshAddress(), status: 'active' })).rejects.toMatchObject({
        errors: [{ field: 'consent', code: 'required' }],
      });
      await expect(subscribers().create({ email: email.toUpperCase() })).rejects.toMatchObject({
        code: 'conflict',
        extra: { id },
      });
      const suppressed = freshAddress();
      await audience.get(SuppressionService).add(suppressed, 'operator');
      await expect(subscribers().create({ email: suppressed })).rejects.toMatchObject({
        code: 'conflict',
        extra: { suppressed: true, reason: 'operator' },
      });
      await expect(subscribers().create({ email: freshAddress(), digests: ['x'] })).rejects.toMatchObject({
        errors: [{ field: 'digests.0', code: 'unknown' }],
      });
      await expect(subscribers().create({ email: freshAddress(), color: 'red' })).rejects.toMatchObject({
        errors: [{ field: 'color', code: 'unknown_field' }],
      });
    });

    it('is found by status and address, a page at a time', async () => {
      const made = await add({ name: 'Findable' });
      const found = await finding().list({ email: ` ${made.email.toUpperCase()} `, status: 'active' });
      expect(found.data.map((row) => row.id)).toEqual([made.id]);
      expect((await finding().list({ email: 'not an address' })).data).toEqual([]);
      const first = await finding().list({ limit: 2 });
      const second = await finding().list({ limit: 2, cursor: first.nextCursor });
      const ids = [...first.data, ...second.data].map((row) => row.id);
      expect(new Set(ids).size).toBe(4);
      expect([...ids].sort().reverse()).toEqual(ids);
      await expect(finding().list({ cursor: 'x' })).rejects.toMatchObject({
        errors: [{ field: 'cursor' }],
      });
      await expect(finding().list({ limit: 1000 })).rejects.toMatchObject({
        errors: [{ field: 'limit' }],
      });
    });

    it('is changed in what is given only', async () => {
      const weekly = await addDigest(audience, `weekly-${newId().slice(-6)}`, false);
      const made = await add({ name: 'Cy', timeZone: 'Europe/Oslo' });
      const patched = await subscribers().patch(made.id, { locale: 'nb', timeZone: null, digests: [weekly] });
      expect(patched).toMatchObject({ name: 'Cy', locale: 'nb', timeZone: null, followsDefaults: false });
      expect(patched.digests.map((item) => item.digestId)).toEqual([weekly]);
      const back = await subscribers().patch(made.id, { digests: [] });
      expect(back).toMatchObject({ followsDefaults: true, digests: [{ digestId: daily }] });
    });

    it('becomes active only with consent and never comes back through an operator', async () => {
      const made = await subscribers().create({ email: freshAddress() });
      await expect(subscribers().patch(made.id, { status: 'active' })).rejects.toMatchObject({
        errors: [{ field: 'consent' }],
      });
      expect(await subscribers().patch(made.id, { status: 'active', consent: CONSENT })).toMatchObject({
        status: 'active',
        confirmedAt: new Date(START),
      });
      expect(await subscribers().patch(made.id, { status: 'unsubscribed' })).toMatchObject({
        status: 'unsubscribed',
      });
      await expect(
        subscribers().patch(made.id, { status: 'active', consent: CONSENT }),
      ).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'unsubscribed' },
      });
      const { data } = await subscribers().consents(made.id);
      expect(data.map((row) => `${row.kind} ${row.method}`)).toEqual(['withdrawn operator', 'given api']);
    });
  });

  it('an erasure leaves no address, stops all mail, and keeps the ledger and the sums', async () => {
    const email = freshAddress('erase');
    await audience.get(SignUpService).signUp({ email, terms: 'on', name: 'Erica Erase' }, context());
    const { db } = audience.database;
    const [row] = await db.select().from(subscriber).where(eq(subscriber.email, email));
    const { id } = row!;
    const editionId = newId();
    await db.insert(edition).values({
      id: editionId,
      publicationId: audience.publicationId,
      digestId: daily,
      slug: editionId,
      status: 'sending',
    });
    await db
      .insert(delivery)
      .values({ editionId, subscriberId: id, variantId: newId(), batch: 0, dueAt: new Date(START) });
    await db.insert(feedbackEvent).values({
      id: newId(),
      publicationId: audience.publicationId,
      type: 'bounce',
      subscriberId: id,
      detail: { diagnostic: `550 ${email} unknown` },
      at: new Date(START),
    });
    const data = await subscribers().data(id);
    expect(data).toMatchObject({
      subscriber: { email, name: 'Erica Erase' },
      suppression: null,
      consents: [{ kind: 'given', evidence: { address: email, ip: '192.0.2.7' } }],
      deliveries: [{ editionId, status: 'queued' }],
      mails: [{ kind: 'confirmation' }],
      events: [{ type: 'bounce' }],
    });
    expect(JSON.stringify(data)).toContain('Erica Erase');

    await subscribers().erase(id);

    for (const table of [
      subscriber,
      subscription,
      consent,
      consentEvidence,
      outboxMail,
      delivery,
      feedbackEvent,
    ]) {
      const rows: unknown[] = await db.select().from(table);
      expect(JSON.stringify(rows)).not.toMatch(/erase\d*@|Erica/);
    }
    expect(await db.select().from(delivery).where(eq(delivery.subscriberId, id))).toMatchObject([
      { status: 'suppressed' },
    ]);
    expect(await db.select().from(outboxMail).where(eq(outboxMail.subscriberId, id))).toMatchObject([
      { status: 'suppressed', address: null },
    ]);
    expect((await subscribers().consents(id)).data).toMatchObject([{ kind: 'given', evidence: null }]);
    await expect(subscribers().get(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(subscribers().erase(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(subscribers().consents(newId())).rejects.toMatchObject({ code: 'not_found' });
    // They are free to come back by themselves.
    await audience.get(SignUpService).signUp({ email, terms: 'on' }, context());
    const [again] = await db.select().from(subscriber).where(eq(subscriber.email, email));
    expect(again!.id).not.toBe(id);
  });

  describe('a suppression', () => {
    it('stops what waits, is added once, and outlives the subscriber', async () => {
      const service = audience.get(SuppressionService);
      const made = await subscribers().create({ email: freshAddress() });
      const added = await service.create({ email: made.email.toUpperCase(), note: 'asked by phone' });
      expect(added).toMatchObject({ reason: 'operator', note: 'asked by phone', subscriberId: made.id });
      expect(await service.add(made.email, 'complaint')).toMatchObject({ id: added.id, reason: 'operator' });
      const mails = await audience.database.db
        .select()
        .from(outboxMail)
        .where(eq(outboxMail.subscriberId, made.id));
      expect(mails).toMatchObject([{ status: 'suppressed' }]);
      expect((await subscribers().get(made.id)).suppressed).toBe(true);
      await subscribers().erase(made.id);
      const hmac = await audience.get(AddressHasher).hash(made.email);
      expect(await service.isSuppressed(hmac)).toBe(true);
      const listed = await service.list({ limit: 200 });
      expect(listed.data.find((row) => row.id === added.id)).toMatchObject({ subscriberId: null });
      await service.lift(added.id, { reason: 'asked by phone' });
      expect(await service.isSuppressed(hmac)).toBe(false);
      await expect(service.lift(added.id, { reason: 'again' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(service.create({ email: 'x' })).rejects.toMatchObject({ errors: [{ field: 'email' }] });
    });
  });

  it('knows addresses again after APP_SECRET was rotated and the old one dropped', async () => {
    const database = await open();
    const before = await openAudience(database);
    const hmac = await before.get(AddressHasher).hash('a@example.org');
    const second = 'another secret of the audience tests alone';
    await openAudience(database, [second, FIRST_SECRET]);
    const [row] = await database.db
      .select()
      .from(installationSecret)
      .where(eq(installationSecret.name, 'address-hmac'));
    expect(row!.sealed.subarray(0, KEY_ID_BYTES)).toEqual(new Keyring([second]).currentKeyId);
    const after = await openAudience(database, [second]);
    expect(await after.get(AddressHasher).hash('a@example.org')).toEqual(hmac);
    await expect(openAudience(database, ['a third secret that nobody ever used'])).rejects.toThrow(
      'APP_SECRET',
    );
  });

  if (kind === 'postgres') {
    it('makes one address key when many processes start at once', async () => {
      const database = await open();
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => openAudience(database)));
      const hashes = await Promise.all(all.map((one) => one.get(AddressHasher).hash('a@example.org')));
      expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(1);
    });
  }
});
