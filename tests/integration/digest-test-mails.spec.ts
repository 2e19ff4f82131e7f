import { eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { outboxMail } from '#database/schema/index.js';
import { EditionTestService } from '#digest/preview/edition-test.service.js';
import { QUOTA_WINDOW_MS, TESTS_IN_ALL, TESTS_PER_CALLER } from '#digest/preview/test-quota.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('test mails', (open) => {
  let database: Database;
  let room: Newsroom;
  let editionId: string;
  beforeAll(async () => {
    database = await open();
    room = await Newsroom.open(database);
    await room.article();
    const { id } = await room.digests.create({ name: 'The Morning Brief' });
    editionId = (await room.editions.createDraft(id)).id;
  });
  beforeEach(async () => {
    await database.db.delete(outboxMail);
    room.queue.jobs.length = 0;
  });

  const colleagues = (n: number) => ({ to: Array.from({ length: n }, (_, i) => `c${i}@desk.example`) });
  const send = (by: string, n = 20) => room.get(EditionTestService).send(editionId, colleagues(n), by);
  const written = () => database.db.select().from(outboxMail).where(eq(outboxMail.kind, 'edition-test'));

  it('are limited for each operator or key, also when they ask at once, in every process', async () => {
    const other = await Newsroom.open(database);
    other.clock.set(room.clock.now().toISOString());
    const me = newId();
    const asked = await Promise.allSettled(
      [room, other, room, other, room].map((one) =>
        one.get(EditionTestService).send(editionId, colleagues(20), me),
      ),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(TESTS_PER_CALLER / 20);
    expect(await written()).toHaveLength(TESTS_PER_CALLER);
    const jobs = [room, other].flatMap(({ queue }) => queue.jobs);
    expect(jobs.filter(({ name }) => name === 'mail.send')).toHaveLength(TESTS_PER_CALLER);

    await expect(send(me, 1)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: QUOTA_WINDOW_MS / 1000,
    });
    expect(await send(newId(), 1)).toEqual({ queued: 1 });
    room.clock.advance(QUOTA_WINDOW_MS);
    expect(await send(me, 1)).toEqual({ queued: 1 });
  });

  it('are limited for all together', async () => {
    for (let n = 0; n < TESTS_IN_ALL / 20; n++) await send(newId());
    await expect(send(newId(), 1)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await written()).toHaveLength(TESTS_IN_ALL);
  });

  it('count an address once, however often it was given', async () => {
    const to = ['a@desk.example', 'a@desk.example'];
    expect(await room.get(EditionTestService).send(editionId, { to }, newId())).toEqual({ queued: 1 });
  });
});
