import { eq } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import { edition, editionLink, subscription } from '#database/schema/index.js';
import { EditionsTick } from '#delivery/recovery/ticks.js';
import { DigestService } from '#digest/operator/digest.service.js';
import type { PreviewQuery } from '#digest/model/digest.schemas.js';
import { EditionPreviewService } from '#digest/preview/edition-preview.service.js';
import { SlotTick } from '#digest/clock/slot.tick.js';
import { newId } from '#kernel/ids.js';
import { encodeBetweenBreaks } from '#rendering/wire/quoted-printable.js';
import { onEachDatabase } from '../support/databases.js';
import { PostOffice } from './delivery.harness.js';

const EVENING = '2027-01-05T17:00:00Z';
const TEMPLATE = `<mjml><mj-body>
{% for article in articles %}<mj-raw>{{ article.begin }}</mj-raw>
<mj-section><mj-column><mj-text>{{ article.title }}</mj-text></mj-column></mj-section>
<mj-raw>{{ mark.end }}</mj-raw>
{% endfor %}
<mj-raw>{{ mark.more }}</mj-raw><mj-section><mj-column><mj-text>There is more</mj-text></mj-column></mj-section><mj-raw>{{ mark.end }}</mj-raw>
<mj-section><mj-column><mj-text>{{ slot.greeting }} {{ slot.address }} {{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text></mj-column></mj-section>
</mj-body></mjml>`;

onEachDatabase('delivery: the preview of a subscriber is that subscriber’s mail', (open) => {
  let office: PostOffice;
  let digestId: string;
  let editionId: string;
  let ids: Record<string, string>;

  async function openOffice(
    extensions: string[],
    template: string,
    measure: 'none' | 'totals' = 'totals',
  ): Promise<void> {
    office = await PostOffice.open(await open(), { connections: 1, peer: { extensions } });
    const utm = { source: 'post', medium: 'email', campaign: '{digest}' };
    const { id: publicationId } = await office.get(PublicationService).update({ measure, utm });
    const slug = `t${newId().replaceAll('-', '')}`;
    const topic = await office.get(TopicService).create({ name: 'Häfen', slug });
    office.clock.set('2027-01-05T08:00:00Z');
    const schedule = { cron: '0 17 * * *', readerLocal: true, timeZone: 'UTC' };
    const subject = "{{ articles.size }} – {{ articles | map: 'title' | join: ', ' }}";
    const digest = {
      name: `Digést ${newId()}`,
      template,
      subject,
      maxArticles: 2,
      schedule,
      isDefault: false,
    };
    ({ id: digestId } = await office.get(DigestService).create(digest));
    ids = {
      ann: await office.reader('ann', digestId, { name: 'Ännchen <b>, "A"', timeZone: 'UTC' }),
      ben: await office.reader('ben', digestId, { locale: 'de-AT', timeZone: 'UTC' }),
      cas: await office.reader('cas', digestId, { timeZone: 'UTC' }),
      dot: await office.reader('dot'),
    };
    const wish = async (name: string, topics: string[]) => {
      await office.database.db
        .update(subscription)
        .set({ topics })
        .where(eq(subscription.subscriberId, ids[name]!));
    };
    await wish('ben', [topic.id]);
    await wish('cas', [newId()]);
    for (const n of [1, 2, 3]) {
      await office.get(ArticleService).create(publicationId, {
        title: `Fähre ${n}`,
        body: `Sie fährt\n\n-- \n\n${'“ÄÖÜ”, “äöü” '.repeat(20 * n)}`,
        format: 'text',
        url: `https://post.example/${newId()}`,
        ...(n === 2 && { topics: [topic.id] }),
      });
      office.clock.advance(60_000);
    }
    await office.get(EditionsTick).run();
    await office.get(SlotTick).run();
    const [made] = await office.database.db.select().from(edition).where(eq(edition.digestId, digestId));
    editionId = made!.id;
  }
  afterEach(async () => {
    await office.get(DigestService).patch(digestId, { schedule: null });
    await office.close();
  });

  const shown = async (name: string, more: Partial<PreviewQuery> = {}) =>
    (
      await office
        .get(EditionPreviewService)
        .preview(editionId, { format: 'eml', subscriberId: ids[name]!, ...more })
    ).body as Buffer;
  const sent = () =>
    Object.fromEntries(
      office.peer.accepted.map(({ to, raw }) => [to[0]!.split('@')[0]!, raw.toString('latin1')]),
    );

  async function send(): Promise<void> {
    office.clock.set(EVENING);
    await office.get(EditionsTick).run();
    await office.prepare(editionId);
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 2 });
  }

  /** The tokens are the only thing in which they may differ: they are of people, and a preview is seen by others. */
  async function withoutTokens(raw: string): Promise<string> {
    const text = (await simpleParser(Buffer.from(raw, 'latin1'))).text!;
    let mail = raw;
    for (const kind of ['unsubscribe', 'preferences']) {
      const [url, base] = new RegExp(`(http\\S+/${kind}/)[\\w-]{40,}`).exec(text)!;
      for (const write of [encodeBetweenBreaks, (its: string) => its]) {
        mail = mail.replaceAll(write(url), write(`${base}preview`));
      }
    }
    return mail;
  }
  const boundaryOf = (raw: string) => /boundary="(.*)"/.exec(raw)![1]!;
  /** Nobody knows before the freeze when it will be, or the boundary, which is drawn with it. */
  const beforeFreeze = (raw: string) =>
    raw.replaceAll(boundaryOf(raw), 'BOUNDARY').replace(/^Date: .*\r$/m, 'Date:\r');

  const SEVEN_BIT = ['PIPELINING', 'SIZE 52428800'];
  const EIGHT_BIT = [...SEVEN_BIT, '8BITMIME', 'SMTPUTF8'];
  it.each([
    ['7bit', SEVEN_BIT, 'digest'],
    ['7bit', SEVEN_BIT, TEMPLATE],
    ['8bit', EIGHT_BIT, 'digest'],
  ] as const)('in %s, before and after it is frozen', async (encoding, extensions, template) => {
    await openOffice([...extensions], template, 'none');
    const before = { ann: await shown('ann', { encoding }), ben: await shown('ben', { encoding }) };
    await send();
    const after = { ann: await shown('ann', { encoding }), ben: await shown('ben', { encoding }) };
    const mails = sent();
    expect(Object.keys(mails).sort()).toEqual(['ann', 'ben']);
    for (const name of ['ann', 'ben'] as const) {
      const mail = await withoutTokens(mails[name]!);
      expect(mail).not.toBe(mails[name]);
      expect(after[name].toString('latin1')).toBe(mail);
      expect(beforeFreeze(before[name].toString('latin1'))).toBe(beforeFreeze(mail));
      const parsed = await simpleParser(after[name]);
      const html = await shown(name, { format: 'html' });
      expect(parsed.html).toBe(String(html).replaceAll('\r\n', '\n'));
    }
    expect((await simpleParser(after.ann)).subject).toBe('2 – Fähre 3, Fähre 2');
    expect((await simpleParser(after.ben)).subject).toBe('1 – Fähre 2');
    expect((await simpleParser(after.ann)).text).toContain('More stories');
    if (encoding === '8bit')
      expect(after.ann.toString('latin1')).toContain('Content-Transfer-Encoding: 8bit');
  });

  it('has the links as they were sent where clicks are counted; a draft, and its HTML, lead straight to the targets', async () => {
    await openOffice(SEVEN_BIT, 'digest');
    const target =
      /href="https:\/\/post\.example\/[\w-]+\?utm_source=post&amp;utm_medium=email&amp;utm_campaign=dig/;
    const read = async (raw: Buffer) => String((await simpleParser(raw)).html);
    expect(await office.database.db.select().from(editionLink)).toEqual([]);
    const draft = await read(await shown('ann'));
    expect(draft).toMatch(target);
    expect(draft).not.toContain('/l/');
    expect(await office.database.db.select().from(editionLink)).toEqual([]);
    await send();
    const eml = await shown('ann');
    expect(eml.toString('latin1')).toBe(await withoutTokens(sent().ann!));
    const html = String(await shown('ann', { format: 'html' }));
    expect(html).toMatch(target);
    expect(html).not.toContain('/l/');
    const [ann, ben] = await Promise.all(
      [sent().ann!, sent().ben!].map((raw) => read(Buffer.from(raw, 'latin1'))),
    );
    for (const mail of [ann!, ben!]) {
      expect(mail).not.toMatch(target);
      expect(mail).toMatch(/href="http:\/\/localhost:3000\/unsubscribe\/[\w-]{60,}"/);
    }
    const linksOf = (mail: string) => [...mail.matchAll(/\/l\/([\w-]+)"/g)].map(([, token]) => token!);
    expect(linksOf(ben!).length).toBeGreaterThan(0);
    // Ben has an article that Ann has too, in another language: it is the same link.
    expect(linksOf(ann!)).toEqual(expect.arrayContaining(linksOf(ben!)));
  });

  it('says why there is none', async () => {
    await openOffice(SEVEN_BIT, 'digest');
    const refused = (reason: string) => ({ code: 'conflict', extra: { reason } });
    for (const when of ['before', 'after']) {
      if (when === 'after') await send();
      await expect(shown('cas')).rejects.toMatchObject(refused('nothing_new'));
      await expect(shown('dot', { format: 'html' })).rejects.toMatchObject(refused('not_subscribed'));
    }
  });

  it('is made alike by every process', async () => {
    await openOffice(SEVEN_BIT, 'digest');
    await send();
    const one = await shown('ann');
    const other = await PostOffice.open(office.database, { dataDir: office.dataDir });
    const preview = other.get(EditionPreviewService);
    const { body } = await preview.preview(editionId, {
      format: 'eml',
      subscriberId: ids.ann!,
      encoding: '7bit',
    });
    expect(Buffer.compare(one, body as Buffer)).toBe(0);
    await other.close();
  });
});
