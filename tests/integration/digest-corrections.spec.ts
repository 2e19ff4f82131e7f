import { eq } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Database } from '#database/database.js';
import { edition, editionArticle, editionWave } from '#database/schema/index.js';
import { CorrectionService } from '#digest/corrections/correction.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { byReader, MINUTE, PostOffice } from './delivery.harness.js';

onEachDatabase('corrections', (open) => {
  let database: Database;
  let office: PostOffice;
  let publicationId: string;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    office = await PostOffice.open(database);
    publicationId = (await office.get(PublicationService).current()).id;
  });
  afterEach(() => office.close());

  const article = async () => {
    const input = { title: 'The ferry', body: 'It leaves at 8.', format: 'text' };
    const { id } = await office.get(ArticleService).create(publicationId, input);
    office.clock.advance(MINUTE);
    return id;
  };
  /** Sends an edition of the digest with the article. */
  const send = async (digestId: string, articleId: string) => {
    const { id } = await office.editions.createDraft(digestId, { articleIds: [articleId] });
    await office.editions.requestSend(id);
    await office.prepare(id);
    await office.deliver(id);
    return id;
  };
  const correct = (articleId: string, note: unknown = 'It leaves at 9.\nSorry.') =>
    office.get(CorrectionService).correct(publicationId, articleId, { note });
  const corrections = (articleId: string) =>
    database.db.select().from(edition).where(eq(edition.articleId, articleId)).orderBy(edition.id);

  it('makes one edition for each digest by which readers had it, and counts each reader once', async () => {
    const [one, two, other] = [
      await office.audience(['ann', 'ben']),
      await office.audience(['cleo']),
      await office.audience(['dan']),
    ];
    await office.database.db.execute(
      `INSERT INTO subscription (subscriber_id, digest_id) VALUES ('${one.ids['ann']}', '${two.digestId}')`,
    );
    const [wrong, right] = [await article(), await article()];
    for (const { digestId } of [one, two]) await send(digestId, wrong);
    await send(other.digestId, right);
    office.clock.advance(MINUTE);
    const now = office.clock.now();

    const made = await correct(wrong);
    expect(made).toMatchObject({ id: wrong, correction: 'It leaves at 9.\nSorry.', correctedAt: now });
    expect(made.recipients).toBe(3);
    const rows = await corrections(wrong);
    expect(rows.map(({ id, digestId }) => ({ id, digestId })).sort(byId)).toEqual(
      [...made.editions].sort(byId),
    );
    expect(rows.map(({ digestId }) => digestId).sort()).toEqual([one.digestId, two.digestId].sort());
    for (const row of rows) {
      expect(row).toMatchObject({
        kind: 'correction',
        selection: 'list',
        status: 'preparing',
        articleId: wrong,
        note: 'It leaves at 9.\nSorry.',
        startedAt: now,
        nextWaveAt: now,
        createdAt: now,
      });
      expect(row.slug).toMatch(/-correction-2027-01-05$/);
      expect(office.queue.jobs).toContainEqual(
        expect.objectContaining({ name: 'edition.prepare', payload: { editionId: row.id } }),
      );
      const held = await office.database.db
        .select()
        .from(editionArticle)
        .where(eq(editionArticle.editionId, row.id));
      expect(held.map(({ articleId }) => articleId)).toEqual([wrong]);
    }
    expect(await office.get(ArticleService).get(publicationId, wrong)).toMatchObject({
      correction: 'It leaves at 9.\nSorry.',
      correctedAt: now,
      updatedAt: now,
    });
  });

  it('keeps the note of an article that nobody had', async () => {
    const { digestId } = await office.audience(['ann']);
    const articleId = await article();
    await office.editions.createDraft(digestId, { articleIds: [articleId] });
    expect(await correct(articleId)).toMatchObject({ editions: [], recipients: 0 });
    expect(await office.get(ArticleService).get(publicationId, articleId)).toMatchObject({
      correction: 'It leaves at 9.\nSorry.',
    });
    expect(await corrections(articleId)).toEqual([]);
  });

  it('counts whoever may yet get it, and nobody who was refused', async () => {
    office.peer.script = byReader({ ann: { RCPT: '550 5.1.1 no' }, ben: { RCPT: '450 4.2.1 later' } });
    const [refused, waiting] = [await office.audience(['ann']), await office.audience(['ben'])];
    const articleId = await article();
    for (const { digestId } of [refused, waiting]) await send(digestId, articleId);
    expect(await correct(articleId)).toMatchObject({
      editions: [{ digestId: waiting.digestId }],
      recipients: 1,
    });
  });

  it('is mailed once to exactly those who received it, in its words, also when the article is gone', async () => {
    const later = byReader({ dan: { RCPT: '450 4.2.1 later' } });
    office.peer.script = (step) =>
      step.command === 'RCPT' && step.to.startsWith('ben') ? '550 5.1.1 no' : later(step);
    const [one, two] = [await office.audience(['ann', 'ben', 'dan']), await office.audience(['cleo'])];
    await office.database.db.execute(
      `INSERT INTO subscription (subscriber_id, digest_id) VALUES ('${one.ids['ann']}', '${two.digestId}')`,
    );
    const articleId = await article();
    const first = await send(one.digestId, articleId);
    await send(two.digestId, articleId);
    await office.reader('eve', one.digestId); // signed up after it
    const before = office.peer.accepted.length;
    const { editions } = await correct(articleId, 'It leaves at <9>.\nSorry.');
    const mail = async () => {
      for (const { id } of editions) {
        await office.prepare(id);
        await office.deliver(id);
        await office.deliver(id, 1);
      }
      return office.peer.accepted.slice(before).map(({ to }) => to[0]?.split('@')[0]);
    };
    expect((await mail()).sort()).toEqual(['ann', 'cleo']);
    for (const { raw } of office.peer.accepted.slice(before)) {
      const text = raw.toString('latin1').replace(/=\r\n/g, '');
      expect(text).toMatch(/It leaves at <9>\.\s+Sorry\./);
      expect(text).toContain('It leaves at &lt;9&gt;.');
    }
    // Dan may yet get it, so it is looked again; but nobody new has, so nothing is written.
    const wavesOf = (id: string) =>
      database.db.select().from(editionWave).where(eq(editionWave.editionId, id));
    const written = (await Promise.all(editions.map(({ id }) => wavesOf(id)))).flat().length;
    office.clock.advance(3 * MINUTE);
    for (const { id } of editions) await office.prepare(id);
    expect((await Promise.all(editions.map(({ id }) => wavesOf(id)))).flat()).toHaveLength(written);
    // Dan's copy comes through in the end, and the correction after it.
    office.peer.script = undefined;
    office.clock.advance(60 * MINUTE);
    await office.deliver(first);
    await office.get(ArticleService).retract(publicationId, articleId);
    office.clock.advance(MINUTE);
    expect((await mail()).filter((name) => name === 'dan')).toHaveLength(2);
    for (const { id } of editions) await office.repository.finishEdition(id, office.clock.now());
    expect((await corrections(articleId)).map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('makes another of every call, also of a retracted article', async () => {
    const { digestId } = await office.audience(['ann']);
    const articleId = await article();
    await send(digestId, articleId);
    await correct(articleId, 'First.');
    await office.get(ArticleService).retract(publicationId, articleId);
    office.clock.advance(MINUTE);
    await correct(articleId, 'Second.');
    expect((await corrections(articleId)).map(({ note }) => note)).toEqual(['First.', 'Second.']);
    expect(await office.get(ArticleService).get(publicationId, articleId)).toMatchObject({
      correction: 'Second.',
      correctedAt: office.clock.now(),
    });
  });

  it.each([[''], [' \n '], ['x'.repeat(2_001)], [7]])(
    'refuses the note %j and keeps nothing',
    async (note) => {
      const articleId = await article();
      await expect(correct(articleId, note)).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ field: 'note' }],
      });
      expect((await office.get(ArticleService).get(publicationId, articleId)).correction).toBeNull();
    },
  );

  it.each(['x', newId()])('knows no article %s', async (id) => {
    await expect(correct(id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id.localeCompare(b.id);
}
