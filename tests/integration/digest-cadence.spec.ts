import { sql } from 'drizzle-orm';
import { CADENCES } from '#database/schema/index.js';
import { byCadence } from '#digest/selection/by-cadence.js';
import { onEachDatabase } from '../support/databases.js';
import { PostOffice } from './delivery.harness.js';

const NONE = sql`false`;

it('a cadence that is added does not compile before it has a rule', () => {
  type WithOneMore = (typeof CADENCES)[number] | 'monthly';
  const rules = { every: NONE, daily: NONE, weekly: NONE, breaking: NONE };
  byCadence(rules);
  // @ts-expect-error `monthly` has none
  const more: Record<WithOneMore, typeof NONE> = rules;
  expect(Object.keys(more).sort()).toEqual([...CADENCES].sort());
});

onEachDatabase('a cadence', (open) => {
  let office: PostOffice;
  beforeAll(async () => (office = await PostOffice.open(await open())));
  afterAll(() => office.close());

  it('that this program has no rule for stops the edition; its readers are not left out unsaid', async () => {
    const { digestId, ids } = await office.audience(['ann', 'ben']);
    await office.rows(sql`UPDATE subscription SET cadence = 'monthly' WHERE subscriber_id = ${ids['ben']}`);
    const editionId = await office.requested(digestId);
    const prepared = await office.prepare(editionId).catch((error: unknown) => error);
    expect(prepared).toBeInstanceOf(Error);
    expect(await office.states(editionId)).toEqual({});
    expect((await office.edition(editionId)).status).toBe('preparing');
  });
});
