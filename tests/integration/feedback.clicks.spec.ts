import { jest } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { rowsOf } from '#database/rows.js';
import { editionClicks, editionContent, editionLink, linkClicks } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { ClickCounter, type Visitor } from '#feedback/clicks/click-counter.js';
import { ClickNumbers } from '#feedback/clicks/click-numbers.js';
import { ClickRepository } from '#feedback/clicks/click.repository.js';
import { LinkTargets } from '#feedback/clicks/link-targets.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import { asSent } from '#rendering/links/edition-links.js';
import { onEachDatabase } from '../support/databases.js';
import { listeningLog, TEST_SECRET } from '../support/test-config.js';
import { Newsroom } from './digest.harness.js';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const at = (ip: string, userAgent = BROWSER): Visitor => ({ ip, userAgent });

onEachDatabase('clicks', (open) => {
  let room: Newsroom;
  let digest: Digest;
  let repository: ClickRepository;
  let numbers: ClickNumbers;
  let targets: LinkTargets;
  const { log, lines } = listeningLog();

  beforeAll(async () => {
    room = await Newsroom.open(await open());
    digest = await room.digests.create({ name: 'The Morning Brief', isDefault: false });
    await room.reader([digest.id]);
    await room.reader([digest.id], { locale: 'de' });
    repository = new ClickRepository(room.database, new MeasuredReaderRepository(room.database));
    numbers = new ClickNumbers(repository);
    targets = new LinkTargets(repository, new Keyring([TEST_SECRET]));
  });
  beforeEach(() => room.clock.set('2027-01-05T09:00:00.000Z'));
  afterEach(async () => {
    jest.restoreAllMocks();
    await room.get(PublicationService).update({ measure: 'totals', utm: null });
  });

  const counter = () =>
    new ClickCounter(repository, room.get(PublicationService) as PublicationService, room.clock, log);

  async function frozen(articles = 2): Promise<{ id: string; articleIds: string[] }> {
    const articleIds: string[] = [];
    for (let n = 0; n < articles; n++) {
      const body = `<p>See <a href="https://other.example/story?n=${n}&amp;s=%20a+b">another</a>.</p>`;
      articleIds.push((await room.article({ body, format: 'html' })).id);
    }
    const { id } = await room.editions.createDraft(digest.id, { articleIds });
    await room.editions.requestSend(id);
    await room.freeze(id);
    return { id, articleIds };
  }
  const linksOf = (id: string) =>
    room.database.db
      .select()
      .from(editionLink)
      .where(eq(editionLink.editionId, id))
      .orderBy(editionLink.number);
  async function contentsOf(id: string): Promise<CompiledEdition[]> {
    const rows = await room.database.db.select().from(editionContent).where(eq(editionContent.editionId, id));
    return rows.map(({ content }) => content as CompiledEdition);
  }
  const tokensOf = (contents: CompiledEdition[]) =>
    contents.map(({ links = [] }) => links.map(({ href }) => /\/l\/([\w-]{47})$/.exec(href)?.[1]));

  it('have targets that are fixed with the freeze, the same in every language', async () => {
    const utm = { source: 'post', medium: 'email', campaign: '{digest}' };
    await room.get(PublicationService).update({ utm });
    const { id, articleIds } = await frozen();
    const rows = await linksOf(id);
    const parameters = 'utm_source=post&utm_medium=email&utm_campaign=the-morning-brief';
    expect(rows.map(({ articleId }) => articleId)).toEqual([
      null,
      articleIds[0],
      articleIds[0],
      articleIds[1],
      articleIds[1],
    ]);
    expect(rows[0]!.url).toBe(`http://localhost:3000/?${parameters}`);
    expect(rows[2]!.url).toBe(`https://other.example/story?n=0&s=%20a+b&${parameters}`);
    const contents = await contentsOf(id);
    expect(contents.map(({ locale }) => locale).sort()).toEqual(['de', 'en']);
    const [one, other] = tokensOf(contents);
    expect(one).toEqual(other);
    for (const [number, token] of one!.entries()) {
      expect(await targets.find(token!)).toEqual({ editionId: id, number, url: rows[number]!.url });
      expect(
        JSON.stringify(asSent(contents[0]!).fragments) + JSON.stringify(asSent(contents[0]!).shell),
      ).toContain(token);
    }
  });

  it('are not counted with none: links stay as they are, but for the parameters', async () => {
    await room.get(PublicationService).update({ measure: 'none' });
    const plain = await frozen();
    expect(await linksOf(plain.id)).toEqual([]);
    expect(
      (await contentsOf(plain.id)).every(
        ({ links }) => links === undefined || links.every(({ href, target }) => href === target),
      ),
    ).toBe(true);
    await room.get(PublicationService).update({ utm: { source: 'post', medium: 'email' } });
    const tagged = await frozen(1);
    expect(await linksOf(tagged.id)).toEqual([]);
    const [content] = await contentsOf(tagged.id);
    expect(JSON.stringify(asSent(content!))).toContain(
      '?n=0&amp;s=%20a+b&amp;utm_source=post&amp;utm_medium=email',
    );
    expect(JSON.stringify(asSent(content!).fragments)).not.toContain('/l/');
  });

  it('reads the targets of an edition once, however many click', async () => {
    const { id } = await frozen();
    const [[token]] = tokensOf(await contentsOf(id)) as [[string]];
    const fresh = new LinkTargets(repository, new Keyring([TEST_SECRET]));
    const spy = jest.spyOn(repository, 'targets');
    await Promise.all(Array.from({ length: 50 }, () => fresh.find(token)));
    await fresh.find(token);
    expect(spy).toHaveBeenCalledTimes(1);
    await expect(fresh.find('preview')).resolves.toBeUndefined();
    expect(spy).toHaveBeenCalledTimes(1);
  });

  it('are counted by people and scanners, by link and hour, and nothing else is stored', async () => {
    const { id, articleIds } = await frozen();
    const clicks = counter();
    const before = await everyRow();
    const people = [at('203.0.113.1'), at('198.51.100.20'), at('2001:db8:7::1')];
    for (const [n, who] of people.entries()) {
      await clicks.link({ editionId: id, number: 1 }, 'GET', who);
      await clicks.link({ editionId: id, number: 1 }, 'GET', who); // a double click
      room.clock.advance(30_000);
      await clicks.link({ editionId: id, number: 3 }, 'GET', who);
      if (n === 0) await clicks.page('preferences', at('192.0.2.99'));
      room.clock.advance(30_000);
    }
    for (const number of [0, 1, 2, 3, 4]) {
      await clicks.link({ editionId: id, number }, 'GET', at(`192.0.2.${number}`));
      room.clock.advance(100);
    }
    await clicks.link({ editionId: id, number: 2 }, 'HEAD', at('192.0.2.200'));
    await clicks.link({ editionId: id, number: 4 }, 'GET', at('203.0.113.77', 'curl/8.5.0'));
    await clicks.link({ editionId: id, number: 999 }, 'GET', at('203.0.113.200')); // no such link, beside a program
    await clicks.store();
    expect(await numbers.ofEdition(id)).toMatchObject({ people: 3, scanners: 0 }); // the burst is still held
    room.clock.set('2027-01-05T10:30:00.000Z');
    await clicks.link({ editionId: id, number: 1 }, 'GET', at('203.0.113.1')); // the same as an hour ago
    await clicks.link({ editionId: id, number: 1 }, 'GET', at('203.0.114.1'));
    await clicks.beforeApplicationShutdown();

    expect(await numbers.ofEdition(id)).toEqual({ people: 4, scanners: 8, margin: 3, withScanners: 12 });
    const ofLinks = (await numbers.ofLinks(id)).map(({ number, clicks: its }) => [
      number,
      its.people,
      its.scanners,
    ]);
    expect(ofLinks).toEqual([
      [0, 0, 1],
      [1, 4, 1],
      [2, 0, 2],
      [3, 3, 1],
      [4, 0, 2],
    ]);
    expect(
      (await numbers.ofLinkByHour(id, 1)).map(({ hour, clicks: { people: its } }) => [
        hour.toISOString(),
        its,
      ]),
    ).toEqual([
      ['2027-01-05T09:00:00.000Z', 3],
      ['2027-01-05T10:00:00.000Z', 1],
    ]);
    expect(
      (await numbers.ofArticles(id)).map(({ articleId, clicks: its }) => [articleId, its.people]),
    ).toEqual([
      [articleIds[0], 4],
      [articleIds[1], 3],
    ]);

    // Nothing but numbers: no other table has another row, and none of these has anything of a client.
    const after = await everyRow();
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect(changed.sort()).toEqual(['edition_clicks', 'link_clicks']);
    expect(Object.keys((await room.database.db.select().from(linkClicks))[0]!)).toEqual([
      'editionId',
      'number',
      'hour',
      'people',
      'scanners',
    ]);
    expect(Object.keys((await room.database.db.select().from(editionClicks))[0]!)).toEqual([
      'editionId',
      'hour',
      'people',
      'scanners',
    ]);
    const said = lines.join('\n');
    for (const word of ['203.0.113', '192.0.2', 'Firefox', '2001:db8']) expect(said).not.toContain(word);
  });

  it('are not held for a moment with none, also of mails sent before', async () => {
    const { id } = await frozen();
    await room.get(PublicationService).update({ measure: 'none' });
    const clicks = counter();
    await clicks.link({ editionId: id, number: 1 }, 'GET', at('203.0.113.1'));
    await clicks.store(Infinity);
    expect(await numbers.ofEdition(id)).toEqual({ people: 0, scanners: 0, margin: 0, withScanners: 0 });
  });

  it('tells a person who changes something from a scanner that looks at all pages', async () => {
    const { id } = await frozen();
    const clicks = counter();
    for (const ip of ['203.0.113.1', '198.51.100.1']) {
      await clicks.link({ editionId: id, number: 1 }, 'GET', at(ip));
      await clicks.page('unsubscribe', at(ip));
    }
    clicks.acted(at('198.51.100.1'));
    await clicks.store(Infinity);
    expect(await numbers.ofEdition(id)).toMatchObject({ people: 1, scanners: 1 });
  });

  it('are kept while the database is away, and stored once when it is back', async () => {
    const { id } = await frozen();
    const clicks = counter();
    await clicks.link({ editionId: id, number: 1 }, 'GET', at('203.0.113.1'));
    jest.spyOn(repository, 'add').mockRejectedValueOnce(new Error('the database is away'));
    await expect(clicks.store(Infinity)).rejects.toThrow('away');
    await clicks.store();
    await clicks.store();
    expect(await numbers.ofEdition(id)).toMatchObject({ people: 1, scanners: 0 });
  });

  /** Of each table a fingerprint of all its rows. */
  async function everyRow(): Promise<Record<string, string>> {
    const { db } = room.database;
    const tables = rowsOf<{ name: string }>(
      await db.execute(
        sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
      ),
    );
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const [row] = rowsOf<{ rows: string }>(
        await db.execute(
          sql`SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS rows FROM ${sql.identifier(name)} t`,
        ),
      );
      found[name] = row!.rows;
    }
    return found;
  }
});
