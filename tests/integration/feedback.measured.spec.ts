import { jest } from '@jest/globals';
import { eq, inArray, sql } from 'drizzle-orm';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { countInEditions, uncountMeasured } from '#audience/numbers/count-in-editions.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { delivery, readerClick, readerOpen, subscriber } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { ClickCounter, type Visitor } from '#feedback/clicks/click-counter.js';
import { ClickNumbers } from '#feedback/clicks/click-numbers.js';
import { ClickRepository } from '#feedback/clicks/click.repository.js';
import { LinkTargets } from '#feedback/clicks/link-targets.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { LinkTokens } from '#kernel/crypto/link-tokens.js';
import { editionInPath, MeasuredTokens } from '#kernel/crypto/measured-tokens.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { silentLog, TEST_SECRET } from '../support/test-config.js';
import { Newsroom } from './digest.harness.js';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const GMAIL = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const at = (ip: string, userAgent = BROWSER): Visitor => ({ ip, userAgent });
const keyring = new Keyring([TEST_SECRET]);

onEachDatabase('the clicks of readers who agreed', (open) => {
  let room: Newsroom;
  let digest: Digest;
  let repository: ClickRepository;
  let numbers: ClickNumbers;
  let targets: LinkTargets;
  let editionId: string;
  let ann: string;
  let bob: string;
  let cid: string;

  beforeAll(async () => {
    room = await Newsroom.open(await open());
    digest = await room.digests.create({ name: 'The Morning Brief', isDefault: false });
    repository = new ClickRepository(room.database, new MeasuredReaderRepository(room.database));
    numbers = new ClickNumbers(repository);
    targets = new LinkTargets(repository, keyring);
  });
  beforeEach(async () => {
    room.clock.set('2027-01-05T09:00:00.000Z');
    await room.get(PublicationService).update({ measure: 'consented' });
    [ann, bob, cid] = [
      await room.reader([digest.id]),
      await room.reader([digest.id]),
      await room.reader([digest.id]),
    ];
    await agree([ann, bob], room.clock.now());
    const { id } = await room.article({
      body: '<p><a href="https://other.example/">another</a></p>',
      format: 'html',
    });
    const draft = await room.editions.createDraft(digest.id, { articleIds: [id] });
    editionId = draft.id;
    await room.editions.requestSend(editionId);
    await room.freeze(editionId);
    await room.database.db
      .insert(delivery)
      .values(
        [ann, bob, cid].map((subscriberId) => ({
          editionId,
          subscriberId,
          variantId: newId(),
          batch: 0,
          status: 'accepted' as const,
          acceptedAt: room.clock.now(),
          dueAt: room.clock.now(),
          updatedAt: room.clock.now(),
        })),
      )
      .onConflictDoUpdate({
        target: [delivery.editionId, delivery.subscriberId],
        set: { status: 'accepted', acceptedAt: room.clock.now() },
      });
    // As whoever writes what became of the mails does.
    const got = sql`(SELECT * FROM delivery WHERE edition_id = ${editionId}::uuid)`;
    await room.database.db.execute(
      countInEditions(got, { measured: sql`s.measured_since IS NOT NULL` }, room.clock.now()),
    );
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await room.database.db.update(subscriber).set({ measuredSince: null });
    await room.get(PublicationService).update({ measure: 'totals' });
  });

  const agree = (ids: string[], since: Date | null) =>
    room.database.db.update(subscriber).set({ measuredSince: since }).where(inArray(subscriber.id, ids));
  const counter = () =>
    new ClickCounter(repository, room.get(PublicationService) as PublicationService, room.clock, silentLog());
  const click = (clicks: ClickCounter, subscriberId: string | undefined, number: number, who: Visitor) =>
    clicks.link({ editionId, number, ...(subscriberId && { subscriberId }) }, 'GET', who);
  const clicksOf = (subscriberId: string) =>
    room.database.db.select().from(readerClick).where(eq(readerClick.subscriberId, subscriberId));
  const opensOf = (subscriberId: string) =>
    room.database.db.select().from(readerOpen).where(eq(readerOpen.subscriberId, subscriberId));

  it('have tokens of their own behind the edition’s, which lead where all do', async () => {
    const link = new LinkTokens(keyring).sign({ editionId, number: 1 });
    const reader = new MeasuredTokens(keyring).sign({ editionId, subscriberId: ann });
    const { url } = (await targets.find(link))!;
    expect(await targets.find(`${link}.${reader}`)).toEqual({ editionId, number: 1, url, subscriberId: ann });
    for (const broken of [
      `${link}.`,
      `${link}.${reader.slice(1)}`,
      `${link}.${reader.slice(0, -1)}!`,
      `${link}.x.y`,
    ]) {
      expect(await targets.find(broken)).toEqual({ editionId, number: 1, url });
    }
    const picture = `${editionInPath(editionId)}.${reader}`;
    expect(targets.ofPicture(picture)).toEqual({ editionId, subscriberId: ann });
    expect(targets.ofPicture(`${editionInPath(bob)}.${reader}`)).toBeUndefined();
    for (const none of ['', '.', picture.slice(1), reader, `${link}.${reader}`]) {
      expect(targets.ofPicture(none)).toBeUndefined();
    }
  });

  it('are stored by reader, and counted with everybody’s as before', async () => {
    room.clock.set('2027-01-05T10:00:00.000Z');
    const clicks = counter();
    await click(clicks, ann, 1, at('203.0.113.1'));
    room.clock.advance(60_000);
    await click(clicks, ann, 1, at('203.0.113.1'));
    await click(clicks, cid, 1, at('198.51.100.1')); // never agreed
    await click(clicks, undefined, 1, at('192.0.2.1'));
    await clicks.store(Infinity);
    room.clock.advance(60_000);
    await click(clicks, ann, 1, at('203.0.113.1'));
    await clicks.store(Infinity);
    expect(await clicksOf(ann)).toEqual([
      {
        subscriberId: ann,
        editionId,
        number: 1,
        firstAt: new Date('2027-01-05T10:00:00.000Z'),
        lastAt: new Date('2027-01-05T10:02:00.000Z'),
        count: 3,
      },
    ]);
    expect(await clicksOf(cid)).toEqual([]);
    expect(await numbers.ofEdition(editionId)).toMatchObject({ people: 3, scanners: 0 });
    const { data } = await numbers.ofReader(ann, { limit: 50 });
    expect(data).toMatchObject([{ editionId, pictures: null, clicks: [{ number: 1, count: 3 }] }]);
  });

  it('are a person’s: scanners that open a reader’s links are none of it', async () => {
    const clicks = counter();
    for (const number of [0, 1, 2]) await click(clicks, ann, number, at('192.0.2.1'));
    await clicks.picture({ editionId, subscriberId: ann }, 'GET', at('192.0.2.1'), false);
    await clicks.link({ editionId, number: 1, subscriberId: bob }, 'HEAD', at('203.0.113.9'));
    await clicks.picture({ editionId, subscriberId: bob }, 'HEAD', at('203.0.113.9'), false);
    await clicks.picture({ editionId, subscriberId: bob }, 'GET', at('203.0.113.9', 'curl/8.5.0'), false);
    await clicks.store(Infinity);
    expect([await clicksOf(ann), await clicksOf(bob), await opensOf(ann), await opensOf(bob)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect((await numbers.ofEdition(editionId)).people).toBe(0);
  });

  it('show opens of people apart from what mail programs fetch', async () => {
    const clicks = counter();
    const picture = (subscriberId: string, who: Visitor, isAhead = false) =>
      clicks.picture({ editionId, subscriberId }, 'GET', who, isAhead);
    await picture(ann, at('203.0.113.1'));
    await picture(ann, at('66.249.84.1', GMAIL));
    await picture(bob, at('17.58.0.1', 'Mozilla/5.0'));
    await picture(bob, at('198.51.100.7'), true);
    await picture(cid, at('198.51.100.8'));
    await clicks.store(Infinity);
    expect(await opensOf(ann)).toMatchObject([{ opened: 1, prefetched: 1 }]);
    expect(await opensOf(bob)).toMatchObject([{ opened: 0, prefetched: 2 }]);
    expect(await opensOf(cid)).toEqual([]);
    expect(await numbers.measuredOf(editionId)).toEqual({
      readers: 2,
      openedBy: 1,
      clickedBy: 0,
      prefetched: 1,
    });
    expect(await numbers.ofEdition(editionId)).toMatchObject({ people: 0, scanners: 0 });
    await click(clicks, bob, 1, at('198.51.100.7'));
    await clicks.store(Infinity);
    expect(await numbers.measuredOf(editionId)).toEqual({
      readers: 2,
      openedBy: 2,
      clickedBy: 1,
      prefetched: 0,
    });
    await room.database.transaction((tx) => uncountMeasured(tx, bob));
    await agree([bob], null);
    expect(await numbers.measuredOf(editionId)).toMatchObject({ readers: 1, openedBy: 1, clickedBy: 0 });
  });

  it('are not stored of who has withdrawn since the click, and counted all the same', async () => {
    const clicks = counter();
    await click(clicks, ann, 1, at('203.0.113.1'));
    await clicks.picture({ editionId, subscriberId: ann }, 'GET', at('203.0.113.1'), false);
    await click(clicks, bob, 1, at('198.51.100.1'));
    await agree([ann], null);
    await clicks.store(Infinity);
    expect([await clicksOf(ann), await opensOf(ann)]).toEqual([[], []]);
    expect(await clicksOf(bob)).toHaveLength(1);
    expect(await numbers.ofEdition(editionId)).toMatchObject({ people: 2 });
  });

  it.each(['totals', 'none'] as const)('are not stored once the publication measures %s', async (measure) => {
    const clicks = counter();
    await click(clicks, ann, 1, at('203.0.113.1'));
    await room.get(PublicationService).update({ measure });
    await clicks.picture({ editionId, subscriberId: ann }, 'GET', at('203.0.113.1'), false);
    await click(clicks, bob, 1, at('198.51.100.1'));
    await clicks.store(Infinity);
    expect([await clicksOf(ann), await opensOf(ann), await clicksOf(bob)]).toEqual([[], [], []]);
    expect((await numbers.ofEdition(editionId)).people).toBe(measure === 'totals' ? 2 : 1);
  });

  it('are kept while the database is away', async () => {
    const clicks = counter();
    await click(clicks, ann, 1, at('203.0.113.1'));
    jest.spyOn(repository, 'add').mockRejectedValueOnce(new Error('the database is away'));
    await expect(clicks.store(Infinity)).rejects.toThrow('away');
    await clicks.store();
    expect(await clicksOf(ann)).toMatchObject([{ count: 1 }]);
  });
});
