import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Database } from '#database/database.js';
import { edition, slot, subscription } from '#database/schema/index.js';
import { EditionsTick } from '#delivery/recovery/ticks.js';
import { DigestService } from '#digest/operator/digest.service.js';
import { SlotTick } from '#digest/clock/slot.tick.js';
import { eq } from 'drizzle-orm';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, PostOffice } from './delivery.harness.js';

/** Where days begin and end. */
const EAST = 'Pacific/Kiritimati';
const WEST = 'America/Los_Angeles';
/** Seven o'clock of 6 January there. */
const IN_EAST = '2027-01-05T17:00:00Z';
const IN_WEST = '2027-01-06T15:00:00Z';

onEachDatabase('delivery: waves of the readers’ own time', (open) => {
  let database: Database;
  let office: PostOffice;
  let digestId: string;
  let editionId: string;
  let ann: string;
  beforeAll(async () => {
    database = await open();
  });
  /** An edition of 6 January, seven o'clock, that waits for its first reader. */
  beforeEach(async () => {
    office = await PostOffice.open(database, { connections: 1 });
    const schedule = { cron: '0 7 * * *', readerLocal: true, timeZone: 'UTC' };
    ({ id: digestId } = await office.get(DigestService).create({ name: `Digest ${newId()}`, schedule }));
    ann = await office.reader('ann', digestId, { timeZone: EAST });
    await office.reader('ben', digestId, { timeZone: WEST });
    await article();
    await at('2027-01-05T10:00:00Z');
    await office.get(SlotTick).run();
    editionId = (await editions())[0]!.id;
    await office.prepare(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'scheduled', sendAt: new Date(IN_EAST) });
  });
  afterEach(async () => {
    await office.get(DigestService).patch(digestId, { schedule: null });
    await office.close();
  });

  const article = async () => {
    const { id: publicationId } = await office.get(PublicationService).current();
    const input = { title: `The ferry ${newId()}`, body: 'It leaves at 8.', format: 'text' };
    return (await office.get(ArticleService).create(publicationId, input)).id;
  };
  const at = async (time: string) => {
    office.clock.set(time);
    await office.get(EditionsTick).run();
  };
  const editions = () =>
    database.db.select().from(edition).where(eq(edition.digestId, digestId)).orderBy(edition.id);
  const slots = () => database.db.select().from(slot).where(eq(slot.digestId, digestId)).orderBy(slot.at);
  /** Freezes the wave of a time and sends it. */
  const wave = async (time: string, batch: number) => {
    await at(time);
    await office.prepare(editionId);
    await office.deliver(editionId, batch);
  };
  const dates = () =>
    office.peer.accepted.map(({ to, raw }) => [
      to[0]?.split('@')[0],
      /^Date: (.*)\r$/m.exec(raw.toString('latin1'))?.[1],
    ]);

  it('dates each mail by its wave', async () => {
    await wave(IN_EAST, 0);
    await wave(IN_WEST, 1);
    expect(dates()).toEqual([
      ['ann', 'Tue, 05 Jan 2027 17:00:00 +0000'],
      ['ben', 'Wed, 06 Jan 2027 15:00:00 +0000'],
    ]);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', recipients: 2 });
  });

  it('tries the last wave as long as the first', async () => {
    await wave(IN_EAST, 0);
    office.peer.script = ({ command }) => (command === 'RCPT' ? '451 4.7.1 not yet' : undefined);
    await wave(IN_WEST, 1);
    office.clock.set(new Date(Date.parse(IN_EAST) + 73 * HOUR));
    await office.tick();
    await office.deliver(editionId, 1);
    expect(await office.tally(editionId)).toEqual({ accepted: 1, queued: 1 });
  });

  it('goes to everybody at once when an operator says so before its time', async () => {
    await office.editions.requestSend(editionId);
    await office.prepare(editionId);
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 2 });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', slotId: null, nextWaveAt: null });
    await at('2027-01-05T11:00:00Z');
    await office.get(SlotTick).run();
    expect(await editions()).toHaveLength(1);
  });

  it('may be given a subject or articles, but no other time', async () => {
    const sendAt = '2027-01-05T12:00:00Z';
    for (const change of [{ sendAt }, { sendAt: null }]) {
      await expect(office.editions.patch(editionId, change)).rejects.toMatchObject({ code: 'wrong_state' });
    }
    await expect(office.editions.schedule(editionId, { sendAt })).rejects.toMatchObject({
      code: 'wrong_state',
    });
    const subject = '{{ articles[0].title }}!';
    expect(await office.editions.patch(editionId, { subject })).toMatchObject({
      status: 'scheduled',
      selection: 'auto',
      subject,
    });
    const articleIds = [await article()];
    expect(await office.editions.patch(editionId, { articleIds })).toMatchObject({
      status: 'scheduled',
      selection: 'list',
      articleIds,
      sendAt: new Date(IN_EAST),
    });
    await article();
    await wave(IN_EAST, 0);
    expect((await office.editions.get(editionId)).articleIds).toEqual(articleIds);
  });

  it('is withdrawn with its slot when the schedule changes, and one at the new time comes', async () => {
    const schedule = { cron: '0 8 * * *', readerLocal: true, timeZone: 'UTC' };
    await office.get(DigestService).patch(digestId, { schedule });
    await office.get(SlotTick).run();
    const made = await editions();
    expect(made.map(({ status, nextWaveAt }) => [status, nextWaveAt])).toEqual([
      ['cancelled', null],
      ['preparing', expect.any(Date)],
    ]);
    // The 5th is not over by the operator's clock either, but its time has passed.
    expect((await slots()).map((one) => one.at.toISOString())).toEqual(['2027-01-06T08:00:00.000Z']);
  });

  it('goes on with a changed schedule once somebody has got it', async () => {
    await wave(IN_EAST, 0);
    await office.get(DigestService).patch(digestId, { schedule: null });
    await wave(IN_WEST, 1);
    expect(await office.tally(editionId)).toEqual({ accepted: 2 });
  });

  it('is resumed for its next wave when the first was empty', async () => {
    await database.db
      .update(subscription)
      .set({ cadence: 'breaking' })
      .where(eq(subscription.subscriberId, ann));
    await at(IN_EAST);
    await office.prepare(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sending', recipients: 0 });
    await office.editions.pause(editionId);
    expect(await office.editions.resume(editionId)).toMatchObject({ status: 'sending' });
    await wave(IN_WEST, 0);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', recipients: 1 });
  });

  it('has no wave to come once it is cancelled', async () => {
    await wave(IN_EAST, 0);
    expect(await office.editions.cancel(editionId)).toMatchObject({ status: 'cancelled', nextWaveAt: null });
    await wave(IN_WEST, 1);
    expect(await office.tally(editionId)).toEqual({ accepted: 1 });
  });
});
