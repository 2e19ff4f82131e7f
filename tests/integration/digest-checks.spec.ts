import { EditionInspection } from '#digest/checks/edition-inspection.service.js';
import { LinkChecker } from '#digest/checks/link-checker.js';
import { PlanService } from '#digest/explain/plan.service.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { onEachDatabase } from './../support/databases.js';
import { WebSite } from '../support/web-site.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('checks of an edition', (open) => {
  let room: Newsroom;
  let digest: Digest;
  let site: WebSite;
  beforeAll(async () => {
    site = await WebSite.open();
    room = await Newsroom.open(await open(), { fetchAllow: ['127.0.0.1'] });
    digest = await room.digests.create({ name: 'The Morning Brief' });
  });
  afterAll(() => site.close());

  const inspect = (id: string) => room.get(EditionInspection).inspect(id);
  const codesOf = async (id: string) => (await inspect(id)).data.map(({ code }) => code);
  const story = (title: string, body: string, overrides: object = {}) =>
    room.article({ title, body, format: 'markdown', ...overrides });

  it('finds dead links without waiting for them, and tries none twice', async () => {
    site.says('/alive', 'here');
    site.says('/guarded', '', {}, 403);
    const links = ['/alive', '/guarded', '/dead'].map((path) => `[x](${site.url}${path})`).join(' ');
    const { id } = await story('Links', `${links} and [inside](http://10.0.0.1/admin)`);
    const edition = await room.editions.createDraft(digest.id, { articleIds: [id] });
    expect((await inspect(edition.id)).pendingLinks).toBe(4);
    await room.get(LinkChecker).settled();
    const { data, pendingLinks } = await inspect(edition.id);
    expect(pendingLinks).toBe(0);
    const dead = data.filter(({ code }) => code === 'dead_link');
    expect(dead.map(({ where, severity }) => [where.url, where.articleId, severity])).toEqual([
      [`${site.url}/dead`, id, 'warning'],
      ['http://10.0.0.1/admin', id, 'warning'],
    ]);
    expect(dead[1]?.message).toContain('private network');
    expect(site.requests.filter(({ url }) => url === '/dead')).toHaveLength(1);
    room.clock.advance(2 * 3_600_000);
    expect((await inspect(edition.id)).pendingLinks).toBe(4); // what is known is old
    await room.get(LinkChecker).settled();
  });

  it('names what is wrong, where, and how bad it is', async () => {
    const good = await story('Good', '![The quay](https://example.org/a.png) Words.');
    const draft = await story('Unfinished', 'Words.', { draft: true });
    const embargoed = await story('Tomorrow', 'Words.', { embargoUntil: '2027-03-01T00:00:00Z' });
    const articleIds = [good.id, draft.id, embargoed.id];
    const { id } = await room.editions.createDraft(digest.id, { articleIds, subject: 'x'.repeat(71) });
    const { data, lines, bytes } = await inspect(id);
    expect(data.map(({ code, severity, where }) => [code, severity, where.part, where.articleId])).toEqual([
      ['story_draft', 'error', 'stories', draft.id],
      ['story_embargoed', 'warning', 'stories', embargoed.id],
      ['missing_postal_address', 'warning', 'publication', null],
      ['subject_too_long', 'warning', 'subject', null],
    ]);
    expect(lines?.subject).toBe('x'.repeat(71));
    expect(bytes).toBeGreaterThan(5_000);
    for (const { message, todo } of data) expect(message && todo).toBeTruthy();
    await room.editions.patch(id, { articleIds: [good.id], subject: 'Short' });
    expect(await codesOf(id)).toEqual(['missing_postal_address']);
    await room.articles.retract(room.publicationId, good.id);
    expect(await codesOf(id)).toContain('too_few_stories');
  });

  it('sees pictures without a text, and a mail that Gmail would clip', async () => {
    const bare = await story('Bare', '![](https://example.org/a.png) Words.');
    const { id } = await room.editions.createDraft(digest.id, { articleIds: [bare.id] });
    const { data } = await inspect(id);
    expect(data.find(({ code }) => code === 'missing_alt')?.where).toMatchObject({
      articleId: bare.id,
      title: 'Bare',
      url: 'https://example.org/a.png',
    });
    const long = await story('Long', 'Words upon words. '.repeat(6_500));
    await room.editions.patch(id, { articleIds: [long.id] });
    expect(await codesOf(id)).toContain('too_large');
  });

  it('says when a template of one’s own has no place for the intro', async () => {
    const template = `<mjml><mj-body><mj-raw>{{ mark.empty }}</mj-raw><mj-raw>{{ mark.end }}</mj-raw>{% for article in articles %}
      <mj-raw>{{ article.begin }}</mj-raw><mj-section><mj-column><mj-text>{{ article.title }}</mj-text></mj-column></mj-section>
      <mj-raw>{{ mark.end }}</mj-raw>{% endfor %}<mj-section><mj-column><mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}
      {{ publication.postalAddress }}</mj-text></mj-column></mj-section></mj-body></mjml>`;
    const own = await room.digests.create({ name: 'Own', template });
    const { id: articleId } = await story('A', 'Words.');
    const { id } = await room.editions.createDraft(own.id, { articleIds: [articleId], intro: 'Hello' });
    expect(await codesOf(id)).toContain('intro_not_shown');
  });

  it('reckons who would get it, by variant, and writes nothing', async () => {
    const own = await room.digests.create({ name: 'Reckoned' });
    const { id: articleId } = await story('For all', 'Words.');
    for (const locale of ['en', 'en', 'de']) await room.reader([own.id], { locale });
    const gone = await room.reader([own.id]);
    await room.suppress(gone);
    const { id } = await room.editions.createDraft(own.id, { articleIds: [articleId], subject: 'News' });
    const estimate = await room.get(PlanService).estimate(id);
    expect(estimate).toMatchObject({ subject: 'News', empty: 0, problems: [] });
    const [wave] = estimate.waves;
    expect(wave).toMatchObject({ readers: 3, recipients: 3 });
    expect(wave?.variants.map(({ locale, recipients }) => [locale, recipients])).toEqual([
      ['en', 2],
      ['de', 1],
    ]);
    expect(await room.editions.get(id)).toMatchObject({ status: 'draft', waves: 0 });
  });
});
