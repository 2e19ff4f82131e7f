import type { Database } from '#database/database.js';
import { ForecastTick } from '#delivery/forecast/forecast-tick.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, MINUTE, names, PostOffice } from './delivery.harness.js';

const DAY = 24 * HOUR;

onEachDatabase('delivery: deadlines', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    office = await PostOffice.open(database, { smtp: null });
  });
  afterEach(async () => {
    await office.close();
    await database.db.execute(`DELETE FROM transport`);
    await database.db.execute(`UPDATE edition SET status = 'cancelled' WHERE finished_at IS NULL`);
  });
  const inMs = (ms: number) => new Date(office.clock.now().getTime() + ms);
  const foretell = () => office.get(ForecastTick).run();
  const warnings = () => office.logs.filter((line) => line.includes('will miss its deadline'));
  const refused = async (work: Promise<unknown>) => {
    await expect(work).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [expect.objectContaining({ field: 'deadline' })],
    });
  };

  it('is after the time of sending, and is kept, moved and taken away', async () => {
    const { digestId } = await office.audience(['one']);
    const { id } = await office.editions.createDraft(digestId, { articleIds: [] });
    const sendAt = inMs(HOUR);
    await refused(office.editions.patch(id, { deadline: inMs(-MINUTE) }));
    await refused(office.editions.patch(id, { sendAt, deadline: sendAt }));
    await refused(office.editions.patch(id, { deadline: 'soon' }));
    const deadline = inMs(2 * HOUR);
    expect(await office.editions.patch(id, { sendAt, deadline })).toMatchObject({
      deadline,
      late: false,
      predictedFinishAt: null,
    });
    await refused(office.editions.patch(id, { sendAt: inMs(3 * HOUR) })); // it would begin after its end
    expect(await office.editions.patch(id, { deadline: null })).toMatchObject({ deadline: null });
  });

  it('is held against what the limits allow, again and again while it is sent', async () => {
    await office.transport({ limits: { perHour: 10 } });
    const { editionId } = await office.frozen(names(25));
    await office.deliver(editionId);
    office.clock.advance(MINUTE);
    const at = (hours: number) => {
      const hour = office.clock.now().getTime() - (office.clock.now().getTime() % HOUR);
      return new Date(hour + hours * HOUR);
    };
    const [ten, eleven, twelve] = [at(1), at(2), at(3)];
    await office.editions.patch(editionId, { deadline: twelve });
    await foretell();
    const early = await office.editions.get(editionId);
    expect(early).toMatchObject({ late: false, deadline: twelve });
    // Ten went now, ten go at ten, the last five at eleven.
    expect(early.predictedFinishAt!.getTime()).toBeGreaterThanOrEqual(eleven.getTime());
    expect(early.predictedFinishAt!.getTime()).toBeLessThan(twelve.getTime());
    expect(warnings()).toEqual([]);

    await office.editions.patch(editionId, { deadline: new Date(ten.getTime() + 30 * MINUTE) });
    await foretell();
    await foretell();
    expect(await office.editions.get(editionId)).toMatchObject({ late: true });
    expect(warnings()).toHaveLength(1);
    await office.editions.patch(editionId, { deadline: twelve });
    await foretell();
    expect(await office.editions.get(editionId)).toMatchObject({ late: false });
    await refused(office.editions.patch(editionId, { deadline: inMs(-1) }));

    // The hour goes by, and nothing is sent: the end moves on with it.
    office.clock.set(eleven);
    await foretell();
    const moved = await office.editions.get(editionId);
    expect(moved.predictedFinishAt!.getTime()).toBeGreaterThanOrEqual(twelve.getTime());
    await office.deliver(editionId);
    office.clock.set(twelve);
    await office.deliver(editionId);
    expect(await office.editions.get(editionId)).toMatchObject({
      status: 'sent',
      late: false,
      predictedFinishAt: null,
    });
  });

  it('is missed by what is finished after it', async () => {
    await office.transport({ limits: { perHour: 3 } });
    const { editionId } = await office.frozen(names(5));
    const deadline = inMs(10 * MINUTE);
    await office.editions.patch(editionId, { deadline });
    await office.deliver(editionId);
    office.clock.advance(HOUR);
    await foretell();
    expect(warnings()).toHaveLength(1);
    await office.deliver(editionId);
    expect(await office.editions.get(editionId)).toMatchObject({
      status: 'sent',
      late: true,
      deadline,
      predictedFinishAt: null,
    });
    await expect(office.editions.patch(editionId, { deadline: inMs(HOUR) })).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  it('is known to be missed where no end is in sight', async () => {
    await office.transport({ limits: { perDay: 1 } });
    const { editionId } = await office.frozen(names(70));
    await office.deliver(editionId);
    office.clock.advance(MINUTE);
    await office.editions.patch(editionId, { deadline: inMs(DAY) });
    await foretell();
    expect(await office.editions.get(editionId)).toMatchObject({ late: true, predictedFinishAt: null });
  });

  it('is not made easier by a spare transport that will not be used', async () => {
    await office.transport({ limits: { perSecond: 1 } });
    await office.transport({ weight: 0 });
    const { digestId } = await office.audience(names(30));
    const draftId = await office.draft(digestId);
    const sendAt = inMs(DAY);
    await office.editions.schedule(draftId, { sendAt, deadline: new Date(sendAt.getTime() + 20_000) });
    await foretell();
    const { late, predictedFinishAt } = await office.editions.get(draftId);
    expect(predictedFinishAt).toEqual(new Date(sendAt.getTime() + 30_000));
    expect(late).toBe(true);
  });

  it('of a scheduled edition is held against the limits of its own day', async () => {
    const { id: transportId } = await office.transport({ limits: { perDay: 4, perSecond: 1 } });
    const { digestId } = await office.audience(names(4));
    await office.frozen(names(4, 'other')).then(({ editionId }) => office.deliver(editionId));
    expect(transportId).toBeTruthy(); // today it has sent what it may
    const draftId = await office.draft(digestId);
    const sendAt = inMs(DAY);
    const deadline = new Date(sendAt.getTime() + HOUR);
    await office.editions.schedule(draftId, { sendAt, deadline });
    await foretell();
    const { late, predictedFinishAt } = await office.editions.get(draftId);
    expect(late).toBe(false);
    expect(predictedFinishAt!.getTime()).toBeLessThan(deadline.getTime());
  });
});
