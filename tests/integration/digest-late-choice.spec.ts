import { and, eq } from 'drizzle-orm';
import { edition, subscription } from '#database/schema/index.js';
import { onEachDatabase } from '../support/databases.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('a choice made between two waves', (open) => {
  it('is served at its own hour, not with the next wave of others', async () => {
    const database = await open();
    const room = await Newsroom.open(database);
    room.clock.set('2027-01-05T09:00:00Z');
    const digest = await room.digests.create({
      name: 'Brief',
      schedule: { cron: '0 10 * * *', timeZone: 'UTC' },
    });
    await room.reader([digest.id]);
    await room.reader([digest.id], {}, { hour: 20 });
    const changing = await room.reader([digest.id], {}, { hour: 21 });
    await room.article();
    await room.tickAt('2027-01-05T10:00:00Z');
    const [made] = await database.db.select().from(edition).where(eq(edition.digestId, digest.id));
    expect(await room.freeze(made!.id)).toMatchObject({ readers: 1, nextAt: new Date('2027-01-05T20:00Z') });
    room.clock.set('2027-01-05T11:00:00Z');
    await database.db
      .update(subscription)
      .set({ hour: 15 })
      .where(and(eq(subscription.digestId, digest.id), eq(subscription.subscriberId, changing)));
    room.clock.set('2027-01-05T15:00:00Z');
    expect(await room.editions.findPreparing()).toEqual([{ id: made!.id, kind: 'regular' }]);
    expect(await room.freeze(made!.id)).toMatchObject({ readers: 1 });
  });
});
