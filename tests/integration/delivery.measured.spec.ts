import { jest } from '@jest/globals';
import { inArray } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import { subscriber, type Measure } from '#database/schema/index.js';
import { EditionPlates } from '#delivery/editions/edition-plates.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { LinkTokens } from '#kernel/crypto/link-tokens.js';
import { editionInPath, MeasuredTokens } from '#kernel/crypto/measured-tokens.js';
import { onEachDatabase } from '../support/databases.js';
import { TEST_SECRET } from '../support/test-config.js';
import { gate, PostOffice, type OfficeOptions } from './delivery.harness.js';

const keyring = new Keyring([TEST_SECRET]);
const measuredTokens = new MeasuredTokens(keyring);
const linkTokens = new LinkTokens(keyring);

onEachDatabase('delivery: readers who agreed to be measured', (openDatabase) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await openDatabase();
  });
  const open = async (measure: Measure, options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, options);
    await office.get(PublicationService).update({ measure });
  };
  afterEach(async () => {
    jest.restoreAllMocks();
    await office.get(PublicationService).update({ measure: 'totals' });
    await office.close();
  });

  const agree = (ids: readonly (string | undefined)[], since: Date | null = office.clock.now()) =>
    database.db
      .update(subscriber)
      .set({ measuredSince: since })
      .where(inArray(subscriber.id, ids.map(String)));
  const bytesTo = (name: string) =>
    office.peer.accepted.find(({ to }) => to[0] === office.address(name))!.raw.toString('latin1');
  /** Without the soft line breaks of quoted-printable. */
  const wordsTo = (name: string) => bytesTo(name).replace(/=\r\n/g, '').replaceAll('=3D', '=');
  const isPersonal = (name: string) => /\/l\/[\w-]{47}\.[\w-]{43}/.test(wordsTo(name));
  /** The bytes of a mail with all that may be a reader's own taken out: the address, the Message-ID, and the tokens of their two pages. */
  const shared = (raw: string, name: string, id: string) =>
    raw
      .replaceAll(office.address(name), 'ADDRESS')
      .replaceAll(id.replaceAll('-', ''), 'ID')
      .replaceAll(/unsubscribe\/(?:[\w-]|=\r\n)+/g, 'unsubscribe/TOKEN')
      .replaceAll(/preferences\/(?:[\w-]|=\r\n)+/g, 'preferences/TOKEN');

  it.each([
    ['8BITMIME', undefined],
    ['7 bits only', ['PIPELINING']],
  ])('get links of their own, and nobody else does: %s', async (_, extensions) => {
    await open('consented', { peer: { extensions } });
    const { editionId, ids } = await office.frozen(['ann', 'bob', 'cid', 'dan']);
    await agree([ids.ann, ids.cid]);
    await office.deliver(editionId);
    expect(office.peer.accepted).toHaveLength(4);
    expect(office.peer.violations).toEqual([]);

    for (const name of ['ann', 'cid']) {
      const token = measuredTokens.sign({ editionId, subscriberId: ids[name]! });
      const { html, text } = await simpleParser(bytesTo(name));
      for (const part of [String(html), text ?? '']) {
        const links = [...part.matchAll(/\/l\/([\w-]+)(?:\.([\w-]+))?/g)];
        expect(links.length).toBeGreaterThan(0);
        expect(
          links.every(([, link, reader]) => linkTokens.read(link!) !== undefined && reader === token),
        ).toBe(true);
        expect(part).toMatch(/\/unsubscribe\/[\w-]+(?![\w.-])/);
        expect(part).toMatch(/\/preferences\/[\w-]+(?![\w.-])/);
      }
      const pictures = [...String(html).matchAll(/<img[^>]*\/o\/([^"]+)"[^>]*>/g)];
      expect(pictures.map(([, path]) => path)).toEqual([`${editionInPath(editionId)}.${token}`]);
      expect(pictures[0]![0]).toContain('alt=""');
      expect(
        String(html)
          .slice(pictures[0]!.index + pictures[0]![0].length)
          .trim(),
      ).toMatch(/^<\/body>/);
    }
    expect(wordsTo('ann')).not.toContain(measuredTokens.sign({ editionId, subscriberId: ids.cid! }));

    // Byte for byte the others' mails are the same, once what every mail has of its reader is taken out.
    expect([isPersonal('bob'), isPersonal('dan')]).toEqual([false, false]);
    expect(wordsTo('bob')).not.toContain('/o/');
    expect(shared(bytesTo('bob'), 'bob', ids.bob!)).toBe(shared(bytesTo('dan'), 'dan', ids.dan!));
    expect(shared(bytesTo('bob'), 'bob', ids.bob!)).toContain('/l/');
  });

  it('get a second plate of their variant; where nobody agreed there is one', async () => {
    await open('consented');
    const second = jest.spyOn(office.get(EditionPlates), 'loadMeasured');
    const nobody = await office.frozen(['ann', 'bob']);
    await office.deliver(nobody.editionId);
    expect(second).not.toHaveBeenCalled();
    const statements = jest.spyOn(office.repository, 'variantsOf');
    const some = await office.frozen(['cid', 'dan', 'eve']);
    await agree([some.ids.cid, some.ids.dan]);
    await office.deliver(some.editionId);
    expect(second).toHaveBeenCalledTimes(1);
    expect(statements).toHaveBeenCalledTimes(2);
    expect(['cid', 'dan', 'eve'].map(isPersonal)).toEqual([true, true, false]);
  });

  it('are nobody while the publication does not measure by reader, now or when the edition was frozen', async () => {
    await open('totals');
    const totals = await office.frozen(['ann', 'bob']);
    await agree([totals.ids.ann]);
    await office.deliver(totals.editionId);
    expect([isPersonal('ann'), isPersonal('bob')]).toEqual([false, false]);
    expect(shared(bytesTo('ann'), 'ann', totals.ids.ann!)).toBe(
      shared(bytesTo('bob'), 'bob', totals.ids.bob!),
    );

    await office.get(PublicationService).update({ measure: 'none' });
    const none = await office.frozen(['cid']);
    await agree([none.ids.cid]);
    await office.get(PublicationService).update({ measure: 'consented' });
    await office.deliver(none.editionId);
    expect(wordsTo('cid')).not.toMatch(/\/[lo]\//);
  });

  it('may withdraw between the claim and their message: it goes out as everybody’s', async () => {
    await open('consented', { connections: 1, smtp: '' });
    const { editionId, ids } = await office.frozen(['ann', 'bob', 'cid']);
    await agree(Object.values(ids));
    const held = gate();
    office.peer.script = ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined);
    const delivering = office.deliver(editionId);
    await office.peer.reached('DOT');
    const first = office.peer.steps.find(({ command }) => command === 'RCPT')!.argument;
    const others = Object.keys(ids).filter((name) => !first.includes(office.address(name)));
    await agree(
      others.map((name) => ids[name]),
      null,
    );
    await office.nextLook();
    held.open();
    await delivering;
    expect(office.peer.accepted).toHaveLength(3);
    expect(others).toHaveLength(2);
    expect(others.map(isPersonal)).toEqual([false, false]);
    expect(Object.values(await office.states(editionId))).toEqual(['accepted', 'accepted', 'accepted']);
  });
});
