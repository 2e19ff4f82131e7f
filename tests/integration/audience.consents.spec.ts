import { eq, sql, type SQL } from 'drizzle-orm';
import { ConsentSealer } from '#audience/consent/consent-sealer.js';
import { ConsentVerifier, type ConsentVerification } from '#audience/consent/consent-verifier.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { consent, consentSeal, consentSealRow, subscriber } from '#database/schema/index.js';
import { sqlState } from '#database/errors.js';
import { onEachDatabase } from '../support/databases.js';
import { context, freshAddress, openAudience, type Audience } from './audience.harness.js';

onEachDatabase('the ledger of consent', (open, kind) => {
  const signUp = async (audience: Audience, count = 1) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const email = freshAddress();
      await audience.get(SignUpService).signUp({ email, terms: 'accepted' }, context());
      const [row] = await audience.database.db.select().from(subscriber).where(eq(subscriber.email, email));
      ids.push(row!.id);
    }
    return ids;
  };
  const seal = (audience: Audience) => audience.get(ConsentSealer).seal(audience.clock.now());
  const verify = (audience: Audience, expectHead?: { number: number; sha256: string }) =>
    audience.get(ConsentVerifier).verify(expectHead ? { expectHead } : {});
  const kinds = (verification: ConsentVerification) => verification.problems.map((problem) => problem.kind);

  describe('sealed in batches', () => {
    let audience: Audience;
    beforeAll(async () => {
      audience = await openAudience(await open());
    });

    it('verifies when empty', async () => {
      expect(await verify(audience)).toEqual({
        ok: true,
        rows: 0,
        seals: 0,
        unsealed: 0,
        erasedEvidence: 0,
        head: null,
        problems: [],
      });
      expect(await seal(audience)).toEqual({ seals: 0, rows: 0, head: null });
    });

    it('chains each seal to the one before', async () => {
      await signUp(audience, 3);
      expect(await verify(audience)).toMatchObject({ ok: true, rows: 3, unsealed: 3 });
      const first = await seal(audience);
      expect(first).toMatchObject({ seals: 1, rows: 3, head: { number: 1 } });
      expect(await seal(audience)).toMatchObject({ seals: 0, rows: 0, head: first.head });
      await signUp(audience, 2);
      const second = await seal(audience);
      expect(second).toMatchObject({ seals: 1, rows: 2, head: { number: 2 } });
      const seals = await audience.database.db.select().from(consentSeal).orderBy(consentSeal.number);
      expect(seals.map((row) => row.previousSha256)).toEqual(['0'.repeat(64), first.head!.sha256]);
      expect(await verify(audience, first.head!)).toMatchObject({
        ok: true,
        rows: 5,
        seals: 2,
        unsealed: 0,
        head: second.head,
      });
    });

    it('seals each row once when several processes are at it', async () => {
      await signUp(audience, 4);
      await Promise.all([1, 2, 3, 4].map(() => seal(audience)));
      await seal(audience);
      expect(await verify(audience)).toMatchObject({ ok: true, rows: 9, unsealed: 0 });
    });

    it('finds a row that was committed late', async () => {
      // As if its transaction had been open for days: an id far older than the last seal's.
      const [row] = await audience.database.db.select().from(consent).limit(1);
      const late = `01800000-0000-7000-8000-${row!.id.slice(24)}`;
      await audience.database.db.insert(consent).values({ ...row!, id: late });
      expect((await seal(audience)).rows).toBe(0);
      const rebooted = await openAudience(audience.database);
      expect((await seal(rebooted)).rows).toBe(1);
      // It is a copy of another row, and shows.
      expect(kinds(await verify(audience))).toEqual(['row-changed', 'evidence-missing']);
    });
  });

  it('is append-only in the database itself, for whoever owns it too', async () => {
    const audience = await openAudience(await open('owner'));
    await signUp(audience);
    await seal(audience);
    const { db } = audience.database;
    for (const table of ['consent', 'consent_seal', 'consent_seal_row', 'terms_version']) {
      for (const statement of [
        sql`DELETE FROM ${sql.identifier(table)}`,
        sql`TRUNCATE ${sql.identifier(table)} CASCADE`,
      ]) {
        const error = await db.execute(statement).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect([table, sqlState(error)]).toEqual([table, '23001']);
      }
    }
    const update = db.update(consent).set({ sentence: 'x' });
    await expect(
      update.execute().catch((error: unknown) => Promise.reject(new Error(sqlState(error)))),
    ).rejects.toThrow('23001');
  });

  it('loses the evidence of an erased person, and nothing else', async () => {
    const audience = await openAudience(await open());
    const [erased] = await signUp(audience, 2);
    await seal(audience);
    await audience.get(SubscriberService).erase(erased!);
    expect(await verify(audience)).toMatchObject({ ok: true, rows: 2, erasedEvidence: 1 });
  });

  describe('tampered with, triggers off', () => {
    /** Six rows in seals of two, one more without a seal. */
    let audience: Audience;
    let head: { number: number; sha256: string };
    let sealed: { id: string; sealId: string; number: number; position: number; subscriberId: string }[];

    beforeAll(async () => {
      audience = await openAudience(await open('administrator'));
      for (let n = 0; n < 3; n++) {
        await signUp(audience, 2);
        head = (await seal(audience)).head!;
      }
      await signUp(audience, 1);
      sealed = await audience.database.db
        .select({
          id: consent.id,
          sealId: consentSeal.id,
          number: consentSeal.number,
          position: consentSealRow.position,
          subscriberId: consent.subscriberId,
        })
        .from(consent)
        .innerJoin(consentSealRow, eq(consentSealRow.consentId, consent.id))
        .innerJoin(consentSeal, eq(consentSeal.id, consentSealRow.sealId))
        .orderBy(consentSeal.number, consentSealRow.position);
    });
    afterEach(async () => {
      expect(await verify(audience, head)).toMatchObject({ ok: true, rows: 7, seals: 3, unsealed: 1 });
    });

    const at = (number: number, position: number) =>
      sealed.find((row) => row.number === number && row.position === position)!;
    /** Changes the ledger as someone with all rights could, verifies, and puts it back. */
    const after = async (
      ...changes: SQL[]
    ): Promise<{ found: ConsentVerification; withHead: ConsentVerification }> => {
      const copies = ['consent', 'consent_evidence', 'consent_seal', 'consent_seal_row', 'terms_version'];
      const quietly = (statements: SQL[]) =>
        audience.database.transaction(async (tx) => {
          await tx.execute(sql`SET LOCAL session_replication_role = replica`);
          for (const statement of statements) await tx.execute(statement);
        });
      await quietly(
        copies.map(
          (name) => sql`CREATE TABLE ${sql.identifier(`kept_${name}`)} AS TABLE ${sql.identifier(name)}`,
        ),
      );
      try {
        await quietly(changes);
        return { found: await verify(audience), withHead: await verify(audience, head) };
      } finally {
        await quietly(
          copies.flatMap((name) => [
            sql`DELETE FROM ${sql.identifier(name)}`,
            sql`INSERT INTO ${sql.identifier(name)} SELECT * FROM ${sql.identifier(`kept_${name}`)}`,
            sql`DROP TABLE ${sql.identifier(`kept_${name}`)}`,
          ]),
        );
      }
    };

    it.each([
      ['sentence', sql`sentence = 'I agree to everything.'`],
      ['confirmed_at', sql`confirmed_at = now()`],
      ['purposes', sql`purposes = '{newsletter,advertising}'`],
      ['created_at', sql`created_at = created_at - interval '1 day'`],
      ['page_url', sql`page_url = 'https://elsewhere.example.org/'`],
      ['row_sha256', sql`row_sha256 = repeat('a', 64)`],
    ])('shows a changed %s', async (column, change) => {
      const { id } = at(2, 1);
      const { found } = await after(sql`UPDATE consent SET ${change} WHERE id = ${id}`);
      expect(found.ok).toBe(false);
      expect(found.problems[0]).toMatchObject({ kind: 'row-changed', id });
      // A new hash that fits no longer fits the seal, either.
      if (column === 'row_sha256') expect(kinds(found)).toEqual(['row-changed', 'seal-changed']);
    });

    it('shows a row whose hash was made to fit', async () => {
      const { id, sealId } = at(2, 1);
      const { found } = await after(sql`UPDATE consent SET (sentence, row_sha256) =
        (SELECT other.sentence, other.row_sha256 FROM consent other WHERE other.id = ${at(1, 1).id}) WHERE id = ${id}`);
      expect(found.problems).toContainEqual(expect.objectContaining({ kind: 'seal-changed', id: sealId }));
    });

    it('shows a changed row that has no seal yet', async () => {
      const { found } = await after(
        sql`UPDATE consent SET locale = 'fr' WHERE id NOT IN (SELECT consent_id FROM consent_seal_row)`,
      );
      expect(kinds(found)).toEqual(['row-changed']);
    });

    it('shows changed evidence', async () => {
      const { id } = at(1, 2);
      const { found } = await after(
        sql`UPDATE consent_evidence SET ip = '10.0.0.1' WHERE consent_id = ${id}`,
      );
      expect(found.problems).toMatchObject([{ kind: 'evidence-changed', id }]);
    });

    it('shows evidence removed without an erasure', async () => {
      const { id } = at(1, 2);
      const { found } = await after(sql`DELETE FROM consent_evidence WHERE consent_id = ${id}`);
      expect(found.problems).toMatchObject([{ kind: 'evidence-missing', id }]);
    });

    it('shows a row that was deleted, with or without its evidence', async () => {
      const { id } = at(2, 2);
      const { found } = await after(sql`DELETE FROM consent WHERE id = ${id}`);
      expect(found.problems).toMatchObject([
        { kind: 'row-missing', id },
        { kind: 'evidence-orphaned', id },
      ]);
      const both = await after(
        sql`DELETE FROM consent WHERE id = ${id}`,
        sql`DELETE FROM consent_evidence WHERE consent_id = ${id}`,
      );
      expect(kinds(both.found)).toEqual(['row-missing']);
    });

    it('shows a row taken out of its seal', async () => {
      const { id, sealId } = at(2, 2);
      const { found } = await after(
        sql`DELETE FROM consent_seal_row WHERE consent_id = ${id}`,
        sql`DELETE FROM consent WHERE id = ${id}`,
        sql`DELETE FROM consent_evidence WHERE consent_id = ${id}`,
      );
      expect(found.problems).toMatchObject([{ kind: 'places-changed', id: sealId }]);
      const counted = await after(
        sql`DELETE FROM consent_seal_row WHERE consent_id = ${id}`,
        sql`UPDATE consent_seal SET row_count = 1 WHERE id = ${sealId}`,
      );
      expect(counted.found.problems).toMatchObject([{ kind: 'seal-changed', id: sealId }]);
    });

    it('shows rows that changed places', async () => {
      const { sealId } = at(1, 1);
      const { found } = await after(
        sql`UPDATE consent_seal_row SET position = position + 10 WHERE seal_id = ${sealId}`,
        sql`UPDATE consent_seal_row SET position = 13 - position WHERE seal_id = ${sealId}`,
      );
      expect(found.problems).toMatchObject([{ kind: 'seal-changed', id: sealId }]);
    });

    it('shows a seal that was deleted', async () => {
      const { sealId } = at(2, 1);
      const { found } = await after(sql`DELETE FROM consent_seal WHERE id = ${sealId}`);
      expect(found.problems).toMatchObject([
        { kind: 'seal-missing', id: '2' },
        { kind: 'seal-missing', id: sealId },
      ]);
      const withRows = await after(
        sql`DELETE FROM consent WHERE id IN (SELECT consent_id FROM consent_seal_row WHERE seal_id = ${sealId})`,
        sql`DELETE FROM consent_evidence WHERE consent_id NOT IN (SELECT id FROM consent)`,
        sql`DELETE FROM consent_seal_row WHERE seal_id = ${sealId}`,
        sql`DELETE FROM consent_seal WHERE id = ${sealId}`,
      );
      expect(withRows.found.problems).toMatchObject([{ kind: 'seal-missing', id: '2' }]);
    });

    it('shows a gap that was closed by renumbering', async () => {
      const { sealId } = at(2, 1);
      const { found } = await after(
        sql`DELETE FROM consent_seal_row WHERE seal_id = ${sealId}`,
        sql`DELETE FROM consent_seal WHERE id = ${sealId}`,
        sql`UPDATE consent_seal SET number = 2 WHERE number = 3`,
      );
      expect(kinds(found)).toEqual(['chain-broken', 'seal-changed']);
    });

    it('shows a seal hidden under another number', async () => {
      const { found } = await after(sql`UPDATE consent_seal SET number = 0 WHERE number = 3`);
      expect(kinds(found)).toEqual(expect.arrayContaining(['chain-broken', 'seal-changed']));
    });

    it.each([
      ['sha256', sql`sha256 = repeat('b', 64)`, ['seal-changed', 'chain-broken']],
      ['previous_sha256', sql`previous_sha256 = repeat('b', 64)`, ['chain-broken', 'seal-changed']],
      ['created_at', sql`created_at = created_at - interval '1 day'`, ['seal-changed']],
    ])('shows a changed %s of a seal', async (_, change, expected) => {
      const { found } = await after(sql`UPDATE consent_seal SET ${change} WHERE number = 2`);
      expect(kinds(found)).toEqual(expected);
    });

    it('shows a tail that was cut off, to whoever noted the head', async () => {
      const { sealId } = at(3, 1);
      const { found, withHead } = await after(
        sql`DELETE FROM consent WHERE id IN (SELECT consent_id FROM consent_seal_row WHERE seal_id = ${sealId})`,
        sql`DELETE FROM consent_evidence WHERE consent_id NOT IN (SELECT id FROM consent)`,
        sql`DELETE FROM consent_seal_row WHERE seal_id = ${sealId}`,
        sql`DELETE FROM consent_seal WHERE id = ${sealId}`,
      );
      expect(found).toMatchObject({ ok: true, head: { number: 2 } });
      expect(withHead.problems).toMatchObject([{ kind: 'tail-missing', id: '3' }]);
    });

    it('shows a tail that was written anew, to whoever noted the head', async () => {
      const found = await audience
        .get(ConsentVerifier)
        .verify({ expectHead: { number: 3, sha256: 'c'.repeat(64) } });
      expect(kinds(found)).toEqual(['head-differs']);
    });

    it('shows changed terms', async () => {
      const { found } = await after(
        sql`UPDATE terms_version SET text = text || ' And more.' WHERE locale = 'en'`,
      );
      expect(kinds(found)).toEqual(['terms-changed']);
      const fitted = await after(
        sql`UPDATE terms_version SET text = 'x', sha256 = encode(sha256('x'), 'hex') WHERE locale = 'en'`,
      );
      expect(new Set(kinds(fitted.found))).toEqual(new Set(['terms-changed']));
      expect(fitted.found.problems).toHaveLength(7);
    });
  });

  if (kind === 'postgres') {
    it('verifies and seals many rows without holding them all', async () => {
      const audience = await openAudience(await open());
      const [subscriberId] = await signUp(audience);
      const [row] = await audience.database.db.select().from(consent);
      await audience.database.db.execute(sql`
        INSERT INTO consent (id, publication_id, subscriber_id, kind, method, purposes, locale, address_hmac,
          submitted_at, row_sha256, created_at)
        SELECT gen_random_uuid(), publication_id, ${subscriberId}::uuid, 'given', 'bulk', purposes, locale, address_hmac,
          submitted_at, 'x', created_at FROM consent, generate_series(1, 12000) WHERE id = ${row!.id}`);
      expect(await seal(audience)).toMatchObject({ seals: 2, rows: 12_001 });
      const found = await verify(audience);
      expect(found).toMatchObject({ ok: false, rows: 12_001, seals: 2, unsealed: 0 });
      expect(found.problems).toHaveLength(1000);
    });
  }
});
