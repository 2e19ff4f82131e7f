import { jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { edition, editionContent, variant } from '#database/schema/index.js';
import type { Digest } from '#digest/digest.service.js';
import { newId } from '#kernel/ids.js';
import { EditionCompiler } from '#rendering/edition-compiler.js';
import { composeVariant } from '#rendering/variant.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('the content of editions', (open) => {
  let room: Newsroom;
  let digest: Digest;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
  });
  beforeEach(async () => {
    digest = await room.digests.create({ name: 'The Morning Brief', isDefault: false });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function preparing(articles = 2): Promise<{ id: string; articleIds: string[] }> {
    const articleIds: string[] = [];
    for (let n = 0; n < articles; n++) articleIds.push((await room.article()).id);
    const { id } = await room.editions.createDraft(digest.id, { articleIds });
    await room.editions.requestSend(id);
    return { id, articleIds };
  }
  const variantsOf = (id: string) => room.database.db.select().from(variant).where(eq(variant.editionId, id));

  it('compiles once per locale, whatever the readers', async () => {
    for (const locale of ['en', 'en-GB', 'de', 'de-AT', 'fr', 'xx-YY']) {
      await room.reader([digest.id], { locale });
      await room.reader([digest.id], { locale });
    }
    await room.reader([digest.id], { locale: 'es', status: 'pending' });
    await room.reader([], { locale: 'ar', followsDefaults: false });
    const { id, articleIds } = await preparing();
    const before = await room.compiles();
    const prepared = await room.content.prepare(id);
    expect((await room.compiles()) - before).toBe(3);
    const locales = Object.fromEntries(prepared.assignments.map((one) => [one.subscriberLocale, one.locale]));
    expect(locales).toEqual({ en: 'en', 'en-GB': 'en', de: 'de', 'de-AT': 'de', fr: 'fr', 'xx-YY': 'en' });
    expect(prepared).toMatchObject({
      editionId: id,
      digestId: digest.id,
      publicationId: room.publicationId,
      articleIds,
    });
    expect(await room.content.variant(prepared.fallbackVariantId)).toMatchObject({
      editionId: id,
      locale: 'en',
      articleIds,
    });
    expect(await variantsOf(id)).toHaveLength(3);

    expect(await room.content.prepare(id)).toEqual(prepared);
    expect((await room.compiles()) - before).toBe(3);
    for (const { variantId, locale } of prepared.assignments) {
      const mail = composeVariant(
        await room.content.load(id, locale),
        (await room.content.variant(variantId)).articleIds,
      );
      expect(mail.subject).toMatch(/^Story \d+ from the quay$/);
      expect(mail.html).toContain('Story');
    }
  });

  it('has content in the language of the publication when there is no reader', async () => {
    const { id } = await preparing(1);
    const prepared = await room.content.prepare(id);
    expect(prepared.assignments).toEqual([]);
    expect((await room.content.load(id, 'en')).locale).toBe('en');
    await expect(room.content.load(id, 'fr')).rejects.toMatchObject({ code: 'not_found' });
    await expect(room.content.variant(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on where it was cut short, to the same result', async () => {
    for (const locale of ['en', 'de', 'fr']) await room.reader([digest.id], { locale });
    const { id: early } = await room.article({
      embargoUntil: new Date(room.clock.now().getTime() + 3_600_000).toISOString(),
    });
    const [a, b] = [await room.article(), await room.article()];
    const draft = await room.editions.createDraft(digest.id, { articleIds: [early, a.id, b.id] });
    await room.editions.requestSend(draft.id);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the compiler as this
    const compile = EditionCompiler.prototype.compile;
    const spy = jest.spyOn(EditionCompiler.prototype, 'compile').mockImplementation(async function (
      this: EditionCompiler,
      input,
    ) {
      if (spy.mock.calls.length === 2) throw new Error('killed');
      return compile.call(this, input);
    });
    await expect(room.content.prepare(draft.id)).rejects.toThrow('killed');
    expect(
      await room.database.db.select().from(editionContent).where(eq(editionContent.editionId, draft.id)),
    ).toHaveLength(1);

    // Public by now, but a part of the readers would get it and a part not.
    room.clock.advance(3_600_000);
    const prepared = await room.content.prepare(draft.id);
    expect(spy).toHaveBeenCalledTimes(4);
    expect(prepared.articleIds).toEqual([a.id, b.id]);
    expect((await variantsOf(draft.id)).map(({ articleIds }) => articleIds)).toEqual(
      Array(3).fill([a.id, b.id]),
    );
  });

  it('comes to one result when two processes prepare at once', async () => {
    for (const locale of ['en', 'de']) await room.reader([digest.id], { locale });
    const { id } = await preparing();
    const results = await Promise.all([1, 2, 3].map(() => room.content.prepare(id)));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(await variantsOf(id)).toHaveLength(2);
  });

  it('leaves out what was retracted or embargoed meanwhile, between two runs too', async () => {
    await room.reader([digest.id], { locale: 'de' });
    const { id, articleIds } = await preparing(4);
    await room.articles.retract(room.publicationId, articleIds[0]!);
    const later = new Date(room.clock.now().getTime() + 3_600_000).toISOString();
    await room.articles.patch(room.publicationId, articleIds[1]!, { embargoUntil: later });
    const first = await room.content.prepare(id);
    expect(first.articleIds).toEqual([articleIds[2], articleIds[3]]);

    await room.articles.retract(room.publicationId, articleIds[3]!);
    await room.articles.patch(room.publicationId, articleIds[1]!, { embargoUntil: null });
    const before = await room.compiles();
    const second = await room.content.prepare(id);
    expect(second.articleIds).toEqual([articleIds[2]]);
    expect(await room.compiles()).toBe(before);
    for (const variantId of [second.fallbackVariantId, second.assignments[0]!.variantId]) {
      expect((await room.content.variant(variantId)).articleIds).toEqual([articleIds[2]]);
    }

    await room.articles.retract(room.publicationId, articleIds[2]!);
    await expect(room.content.prepare(id)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('No article is left') as string,
    });
  });

  it('prepares what is to be prepared, and nothing else', async () => {
    const { id } = await preparing(1);
    for (const status of ['draft', 'sending', 'paused', 'sent', 'cancelled'] as const) {
      await room.database.db.update(edition).set({ status }).where(eq(edition.id, id));
      await expect(room.content.prepare(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: status },
      });
    }
    await expect(room.content.prepare(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives a default digest to those who signed up while it was being made', async () => {
    await room.digests.patch(digest.id, { isDefault: true });
    await room.reader([], { locale: 'es' });
    const { id } = await preparing(1);
    expect((await room.content.prepare(id)).assignments).toContainEqual(
      expect.objectContaining({ subscriberLocale: 'es' }),
    );
  });

  it('warns of a mail that Gmail would clip, and shows it with the edition', async () => {
    const { id: articleId } = await room.article({
      body: Array(3000).fill('The tide was late at the quay today.').join('\n\n'),
    });
    const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
    await room.editions.requestSend(id);
    const { warnings } = await room.content.prepare(id);
    expect(warnings).toContainEqual(expect.stringContaining('102 KB'));
    expect((await room.content.prepare(id)).warnings).toEqual(warnings);
    expect((await room.editions.get(id)).warnings).toEqual(warnings);
  });

  describe('preview', () => {
    it('compiles a draft once for all formats, and again when it changes', async () => {
      const a = await room.article({ title: 'First – “quoted”' });
      const b = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [a.id, b.id] });
      const before = await room.compiles();
      const html = await room.previews.preview(id, 'html');
      expect(html.contentType).toBe('text/html; charset=utf-8');
      expect(html.body).toContain('First – “quoted”');
      const text = await room.previews.preview(id, 'text');
      expect(text.body).toContain('First – “quoted”');
      const eml = await room.previews.preview(id, 'eml');
      const parsed = await simpleParser(eml.body);
      expect(parsed).toMatchObject({
        subject: 'First – “quoted”',
        html: expect.stringContaining(b.title) as string,
      });
      expect(parsed.headers.get('list')).toMatchObject({ id: { name: 'The Morning Brief' } });
      expect(await room.compiles()).toBe(before + 1);
      const mjml = await room.previews.preview(id, 'mjml');
      expect(mjml.body).toMatch(/^\s*<mjml/);
      await room.articles.patch(room.publicationId, b.id, { title: 'Second, corrected' });
      expect((await room.previews.preview(id, 'html')).body).toContain('Second, corrected');
      expect(await room.compiles()).toBe(before + 2);
    });

    it('speaks to a subscriber in their language, with links that do nothing', async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      const subscriberId = await room.reader([digest.id], { locale: 'de-AT', name: 'Ännchen <b>' });
      const rendered = await room.previews.render(id, subscriberId);
      expect(rendered.locale).toBe('de');
      expect(rendered.html).toContain('Ännchen &lt;b&gt;');
      expect(rendered.text).toContain('Ännchen <b>');
      expect(rendered.html).toContain('/unsubscribe/preview"');
      expect(rendered.html).not.toMatch(/\/unsubscribe\/(?!preview")/);
      for (const unknown of ['x', newId()]) {
        await expect(room.previews.preview(id, 'html', unknown)).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    it('shows what is frozen once it is', async () => {
      const { id, articleIds } = await preparing(1);
      await room.content.prepare(id);
      const [before] = await room.articles.details(
        { id: room.publicationId, baseUrl: 'https://x.org' },
        articleIds,
      );
      await room.articles.patch(room.publicationId, articleIds[0]!, { title: 'Changed after' });
      expect((await room.previews.render(id)).subject).toBe(before!.title);
    });

    it('shows of a draft what would be sent', async () => {
      const [a, b] = [await room.article(), await room.article()];
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [a.id, b.id] });
      await room.articles.retract(room.publicationId, a.id);
      expect((await room.previews.render(id)).subject).toBe(b.title);
      await room.articles.retract(room.publicationId, b.id);
      expect((await room.previews.render(id)).subject).toBe('The Morning Brief');
    });
  });
});
