import { sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { EDITION_STATUSES, type EditionStatus } from '#database/schema/index.js';
import { EDITION_EVENTS, mayHappen, type EditionEvent } from '#digest/model/edition-state.js';
import { moveEdition, moveEditions } from '#digest/model/edition-states.js';
import { onEachDatabase } from '../support/databases.js';
import { PostOffice } from './delivery.harness.js';

const EVENTS = Object.keys(EDITION_EVENTS) as EditionEvent[];
const CASES = EVENTS.flatMap((event) => EDITION_STATUSES.map((status) => [event, status] as const));

onEachDatabase('the states of an edition', (open) => {
  let database: Database;
  let office: PostOffice;
  let editionId: string;
  beforeAll(async () => {
    database = await open();
    office = await PostOffice.open(database);
    const { digestId } = await office.audience([]);
    editionId = await office.draft(digestId);
  });
  afterAll(() => office.close());

  const put = (status: EditionStatus) =>
    database.db.execute(sql`UPDATE edition SET status = ${status} WHERE id = ${editionId}`);
  const changes = () => ({ updatedAt: office.clock.now() });

  it.each(CASES)('%s, of one that is %s', async (event, status) => {
    await put(status);
    const moved = await moveEdition(database.db, editionId, event, changes());
    const expected = mayHappen(event, status) ? EDITION_EVENTS[event].to : status;
    expect((await office.edition(editionId)).status).toBe(expected);
    expect(moved?.status).toBe(mayHappen(event, status) ? expected : undefined);
  });

  it('of two events at once one happens', async () => {
    await put('sending');
    const both = await Promise.all([
      moveEdition(database.db, editionId, 'finish', changes()),
      moveEdition(database.db, editionId, 'stop', changes()),
    ]);
    expect(both.filter((row) => row !== undefined)).toHaveLength(1);
  });

  it('does not happen where what must hold besides does not', async () => {
    await put('sending');
    expect(await moveEdition(database.db, editionId, 'finish', changes(), sql`false`)).toBeUndefined();
    expect(await moveEditions(database.db, 'finish', changes(), sql`id = ${editionId} AND false`)).toEqual(
      [],
    );
    expect((await office.edition(editionId)).status).toBe('sending');
  });
});
