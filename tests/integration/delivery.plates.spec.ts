import { jest } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Database } from '#database/database.js';
import { delivery, editionContent, mailboxMessage, variant } from '#database/schema/index.js';
import { EditionContentService } from '#digest/content/edition-content.service.js';
import { maskOf } from '#digest/model/bit-mask.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { MINUTE, PostOffice, type OfficeOptions } from './delivery.harness.js';

onEachDatabase('delivery: plates', (openDatabase) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await openDatabase();
  });
  const open = async (options: OfficeOptions = {}) => (office = await PostOffice.open(database, options));
  afterEach(() => office.close());

  /** An edition of some articles, in which every reader has a variant of their own. */
  async function editionOfVariants(
    names: readonly string[],
    choose: (reader: number, article: number) => boolean,
  ) {
    const { digestId } = await office.audience(names);
    const { id: publicationId } = await office.get(PublicationService).current();
    const articleIds: string[] = [];
    for (let at = 0; at < 6; at++) {
      const body = `Whole text of ${at}. ${'Море и Москва. '.repeat(15)}`;
      const article = { title: `Story number ${at}`, body, format: 'text' as const };
      articleIds.push((await office.get(ArticleService).create(publicationId, article)).id);
    }
    office.clock.advance(MINUTE);
    const { id: editionId } = await office.editions.createDraft(digestId, { articleIds });
    await office.editions.requestSend(editionId);
    await office.prepare(editionId);
    const [content] = await office.database.db
      .select({ id: editionContent.id })
      .from(editionContent)
      .where(eq(editionContent.editionId, editionId));
    const contentId = content!.id;
    const wanted: Record<string, number[]> = {};
    for (const [at, name] of names.entries()) {
      const id = newId();
      const chosen = articleIds.map((_, index) => index).filter((index) => choose(at, index));
      wanted[office.address(name)] = chosen;
      const mask = maskOf(articleIds.length, (index) => chosen.includes(index));
      await office.database.db
        .insert(variant)
        .values({ id, editionId, wave: 0, contentId, locale: 'en', mask });
      await office.database.db
        .update(delivery)
        .set({ variantId: id })
        .where(
          sql`edition_id = ${editionId} AND subscriber_id = (SELECT id FROM subscriber WHERE email = ${office.address(name)})`,
        );
    }
    return { editionId, wanted };
  }

  it.each([
    ['8BITMIME', undefined],
    ['7 bits only', ['PIPELINING']],
  ])(
    'gives every reader their own articles at the cost of one statement and one load: %s',
    async (_, extensions) => {
      await open({ peer: { extensions } });
      const names = Array.from({ length: 40 }, (_, at) => `reader${at}`);
      const { editionId, wanted } = await editionOfVariants(
        names,
        (reader, article) => ((reader + 1) >> article) % 2 === 1,
      );
      const statements = jest.spyOn(office.repository, 'variantsOf');
      const loads = jest.spyOn(office.get(EditionContentService), 'load');
      await office.deliver(editionId);
      expect(office.peer.accepted).toHaveLength(40);
      for (const { to, raw } of office.peer.accepted) {
        const { text, html } = await simpleParser(raw);
        for (const part of [text, html || '']) {
          const found = [...(part ?? '').matchAll(/Story number (\d)/g)].map((match) => Number(match[1]));
          expect([...new Set(found)].sort()).toEqual(wanted[to[0] as string]);
        }
      }
      expect(office.peer.violations).toEqual([]);
      const mails = office.peer.steps.filter(({ command }) => command === 'MAIL');
      const announced = mails.filter(({ argument }) => argument.includes(' BODY=8BITMIME'));
      expect(announced).toHaveLength(extensions ? 0 : mails.length); // a message may be tried twice on a slow machine
      expect(statements).toHaveBeenCalledTimes(1);
      expect(loads).toHaveBeenCalledTimes(1);
    },
  );

  it('fails only the reader whose address no mail can hold', async () => {
    await open();
    const { editionId } = await office.frozen(['one, two', 'plain']);
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ 'one, two': 'failed', plain: 'accepted' });
    expect((await office.ledger(editionId))['one, two']!.smtpReply).toMatch(/address cannot stand in a mail/);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(await office.standing('one, two')).toEqual({ suppressed: 0, status: 'active' });
  });

  it('fails only that reader in the built-in mailbox too', async () => {
    await open({ smtp: null });
    const { editionId } = await office.frozen(['one, two', 'plain']);
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ 'one, two': 'failed', plain: 'accepted' });
    const kept = await office.database.db
      .select()
      .from(mailboxMessage)
      .where(eq(mailboxMessage.recipient, office.address('plain')));
    expect(kept).toHaveLength(1);
  });

  it('writes an address that is not ASCII into the headers as it is (RFC 6532)', async () => {
    await open();
    const { editionId } = await office.frozen(['jürgen', 'plain']);
    await office.deliver(editionId);
    const [message] = office.peer.accepted.filter(({ to }) => to[0] === office.address('jürgen'));
    expect(message!.raw.toString()).toContain(`To: ${office.address('jürgen')}\r\n`);
    expect((await simpleParser(message!.raw)).text).toContain(office.address('jürgen'));
    expect(office.peer.violations).toEqual([]);
  });
});
