import { jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { digest as digestTable, draftContent, edition, editionContent } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { newId } from '#kernel/ids.js';
import { MailRenderer } from '#rendering/rendering.module.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import { composeVariant } from '#rendering/edition/variant.js';
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
  const contentsOf = (id: string) =>
    room.database.db.select().from(editionContent).where(eq(editionContent.editionId, id));

  it('compiles once per locale, whatever the readers', async () => {
    for (const locale of ['en', 'en-GB', 'de', 'de-AT', 'fr', 'xx-YY']) {
      await room.reader([digest.id], { locale });
      await room.reader([digest.id], { locale });
    }
    await room.reader([digest.id], { locale: 'es', status: 'pending' });
    await room.reader([], { locale: 'ar', followsDefaults: false });
    const { id, articleIds } = await preparing();
    const before = await room.compiles();
    const wave = await room.freeze(id);
    expect((await room.compiles()) - before).toBe(3);
    expect(wave).toMatchObject({ readers: 12, articleIds, nextAt: null });
    expect(wave!.variants.map(({ locale }) => locale).sort()).toEqual(['de', 'en', 'fr']);
    for (const { contentId, articleIds: shown } of wave!.variants) {
      expect(shown).toEqual(articleIds);
      const mail = composeVariant(await room.content.load(contentId), shown);
      expect(mail.subject).toMatch(/^Story \d+ from the quay$/);
      expect(mail.html).toContain('Story');
    }
    await expect(room.freeze(id)).rejects.toMatchObject({ code: 'wrong_state' });
    expect((await room.compiles()) - before).toBe(3);
  });

  it('is what the draft was compiled to when it was last looked at, unless something changed since', async () => {
    await room.reader([digest.id], { locale: 'en' });
    const drafted = async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      await room.previews.preview(id, { format: 'html' });
      return id;
    };
    const kept = () => room.database.db.select().from(draftContent);
    const id = await drafted();
    const [made] = (await kept()).filter(({ editionId }) => editionId === id);
    const before = await room.compiles();
    await room.editions.requestSend(id);
    await room.freeze(id);
    expect((await room.compiles()) - before).toBe(0);
    const withoutLinks = (content: unknown) => ({ ...(content as CompiledEdition), links: undefined });
    expect((await contentsOf(id)).map(({ content }) => withoutLinks(content))).toEqual([
      withoutLinks(made!.content),
    ]);
    expect((await kept()).filter(({ editionId }) => editionId === id)).toEqual([]);

    const changed = await drafted();
    await room.editions.patch(changed, { subject: 'Another one' });
    const compiled = await room.compiles();
    await room.editions.requestSend(changed);
    await room.freeze(changed);
    expect((await room.compiles()) - compiled).toBe(1);
    const [content] = await contentsOf(changed);
    expect(content!.content).toMatchObject({ subjectTemplate: 'Another one' });
  });

  it('keeps what a draft was compiled to only while it is a draft, and shows it where that cannot be kept', async () => {
    const { id: articleId } = await room.article();
    const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
    const kept = async () => {
      const rows = await room.database.db.select().from(draftContent);
      return rows.filter(({ editionId }) => editionId === id).length;
    };
    const { db } = room.database;
    await room.reader([digest.id], { locale: 'de' });
    const shown = async (subject: string) => {
      await room.editions.patch(id, { subject });
      return (await room.previews.render(id)).subject;
    };
    expect([await shown('One'), await kept()]).toEqual(['One', 1]);
    const spy = jest.spyOn(room.content, 'keepDraft').mockRejectedValueOnce(new Error('the disk is full'));
    expect([await shown('Two'), await kept()]).toEqual(['Two', 1]);
    spy.mockRestore();
    const context = await room.content.context(id);
    const input = await room.content.inputFor(context, 'en', [articleId]);
    await room.content.keepDraft(context, 'fr', input, {} as CompiledEdition);
    expect(await kept()).toBe(2);
    await room.editions.cancel(id);
    expect(await kept()).toBe(0);
    await room.content.keepDraft(context, 'fr', input, {} as CompiledEdition);
    expect(await kept()).toBe(0);
    expect(await db.select().from(edition).where(eq(edition.id, id))).toMatchObject([
      { status: 'cancelled' },
    ]);
  });

  it('lists the waves of an edition, and the editions of one digest and state', async () => {
    await room.reader([digest.id]);
    const { id } = await preparing();
    const other = await room.digests.create({ name: 'Another', isDefault: false });
    await room.editions.createDraft(other.id, {});
    await room.freeze(id);
    const at = room.clock.now();
    const wave = { wave: 0, at, cutoff: at, recipients: 1, variants: 1, frozenAt: at };
    expect((await room.editions.waves(id)).data).toEqual([wave]);
    const idsOf = async (query: object) => (await room.editions.list(query)).data.map((one) => one.id);
    expect(await idsOf({ digestId: digest.id })).toEqual([id]);
    expect(await idsOf({ digestId: digest.id, status: 'sending' })).toEqual([id]);
    expect(await idsOf({ digestId: digest.id, status: 'draft' })).toEqual([]);
    await expect(room.editions.list({ digestId: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(room.editions.waves(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has content in the language of the publication when there is no reader', async () => {
    const { id } = await preparing(1);
    expect(await room.freeze(id)).toMatchObject({ readers: 0, variants: [] });
    expect((await contentsOf(id)).map(({ locale }) => locale)).toEqual(['en']);
    await expect(room.content.load(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves nothing behind when it is cut short, and takes what may be sent by then', async () => {
    for (const locale of ['en', 'de', 'fr']) await room.reader([digest.id], { locale });
    const { id: early } = await room.article({
      embargoUntil: new Date(room.clock.now().getTime() + 3_600_000).toISOString(),
    });
    const [a, b] = [await room.article(), await room.article()];
    const draft = await room.editions.createDraft(digest.id, { articleIds: [early, a.id, b.id] });
    await room.editions.requestSend(draft.id);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the renderer as this
    const compile = MailRenderer.prototype.compile;
    const spy = jest.spyOn(MailRenderer.prototype, 'compile').mockImplementation(async function (
      this: MailRenderer,
      input,
    ) {
      if (spy.mock.calls.length === 2) throw new Error('killed');
      return compile.call(this, input);
    });
    await expect(room.freeze(draft.id)).rejects.toThrow('killed');
    expect(await contentsOf(draft.id)).toEqual([]);

    room.clock.advance(3_600_000);
    const wave = await room.freeze(draft.id);
    expect(spy).toHaveBeenCalledTimes(5);
    expect(wave!.variants.map(({ articleIds }) => articleIds)).toEqual(Array(3).fill([early, a.id, b.id]));
  });

  it('comes to one result when two processes prepare at once', async () => {
    for (const locale of ['en', 'de']) await room.reader([digest.id], { locale });
    const { id } = await preparing();
    const results = await Promise.allSettled([1, 2, 3].map(() => room.freeze(id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await contentsOf(id)).toHaveLength(2);
  });

  it('leaves out what was retracted or embargoed meanwhile', async () => {
    await room.reader([digest.id], { locale: 'de' });
    const { id, articleIds } = await preparing(4);
    await room.articles.retract(room.publicationId, articleIds[0]!);
    const later = new Date(room.clock.now().getTime() + 3_600_000).toISOString();
    await room.articles.patch(room.publicationId, articleIds[1]!, { embargoUntil: later });
    expect((await room.freeze(id))!.variants.map((one) => one.articleIds)).toEqual([articleIds.slice(2)]);

    const other = await preparing(1);
    await room.articles.retract(room.publicationId, other.articleIds[0]!);
    await expect(room.freeze(other.id)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('No article is left') as string,
    });
  });

  it('prepares what is to be prepared, and nothing else', async () => {
    const { id } = await preparing(1);
    for (const status of ['draft', 'sending', 'paused', 'sent', 'cancelled'] as const) {
      await room.database.db.update(edition).set({ status }).where(eq(edition.id, id));
      await expect(room.freeze(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: status },
      });
    }
    await expect(room.freeze(newId())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives a default digest to those who signed up while it was being made', async () => {
    await room.digests.patch(digest.id, { isDefault: true });
    await room.reader([], { locale: 'es' });
    const { id } = await preparing(1);
    expect((await room.freeze(id))!.variants.map(({ locale }) => locale)).toContain('es');
  });

  it('sends nothing by a template, stored in other days, that tells readers of what they do not get', async () => {
    const source = `<mjml><mj-body><mj-section><mj-column><mj-text>
      {% for a in articles %}
        <li>{{ a.title }}</li>
      {% endfor %}</mj-text></mj-column></mj-section>
      {% for article in articles %}<mj-raw>{{ article.begin }}</mj-raw>
      <mj-section><mj-column><mj-text>{{ article.title }}</mj-text></mj-column></mj-section>
      <mj-raw>{{ mark.end }}</mj-raw>{% endfor %}
      <mj-section><mj-column><mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text></mj-column></mj-section>
      </mj-body></mjml>`;
    const reason = {
      code: 'depends_on_articles',
      message: expect.stringMatching(/^Line 3: .* near: <li>/) as string,
    };
    await expect(room.digests.patch(digest.id, { template: source })).rejects.toMatchObject({
      errors: [{ field: 'template', ...reason }],
    });
    await room.reader([digest.id]);
    const { id } = await preparing();
    await room.database.db.update(digestTable).set({ template: source }).where(eq(digestTable.id, digest.id));
    for (const work of [room.freeze(id), room.previews.preview(id, { format: 'html' })]) {
      await expect(work).rejects.toMatchObject({ code: 'invalid_input', errors: [reason] });
    }
    expect(await contentsOf(id)).toEqual([]);
  });

  it('warns of a mail that Gmail would clip, and shows it with the edition', async () => {
    const { id: articleId } = await room.article({
      body: Array(3000).fill('The tide was late at the quay today.').join('\n\n'),
    });
    const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
    await room.editions.requestSend(id);
    await room.freeze(id);
    expect((await room.editions.get(id)).warnings).toContainEqual(expect.stringContaining('102 KB'));
  });

  describe('preview', () => {
    it('compiles a draft once for all formats, and again when it changes', async () => {
      const a = await room.article({ title: 'First – “quoted”' });
      const b = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [a.id, b.id] });
      const before = await room.compiles();
      const html = await room.previews.preview(id, { format: 'html' });
      expect(html.contentType).toBe('text/html; charset=utf-8');
      expect(html.body).toContain('First – “quoted”');
      const text = await room.previews.preview(id, { format: 'text' });
      expect(text.body).toContain('First – “quoted”');
      const eml = await room.previews.preview(id, { format: 'eml' });
      const parsed = await simpleParser(eml.body);
      expect(parsed).toMatchObject({
        subject: 'First – “quoted”',
        html: expect.stringContaining(b.title) as string,
      });
      expect(parsed.headers.get('list')).toMatchObject({ id: { name: 'The Morning Brief' } });
      expect(await room.compiles()).toBe(before + 1);
      const mjml = await room.previews.preview(id, { format: 'mjml' });
      expect(mjml.body).toMatch(/^\s*<mjml/);
      await room.articles.patch(room.publicationId, b.id, { title: 'Second, corrected' });
      expect((await room.previews.preview(id, { format: 'html' })).body).toContain('Second, corrected');
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
        await expect(
          room.previews.preview(id, { format: 'html', subscriberId: unknown }),
        ).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    it('shows what is frozen once it is', async () => {
      const { id, articleIds } = await preparing(1);
      await room.freeze(id);
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
