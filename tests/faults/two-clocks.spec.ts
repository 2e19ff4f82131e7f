import type { Database } from '#database/database.js';
import { EditionsTick } from '#delivery/recovery/ticks.js';
import { makeStore, type TestStore } from '../support/stores.js';
import { HOUR, MINUTE, PostOffice } from '../integration/delivery.harness.js';
import { print } from './faults.harness.js';

/** How far the second worker's clock is off. */
const OFFSETS: [string, number][] = [
  ['hours ahead', 5 * HOUR],
  ['hours behind', -5 * HOUR],
];

describe('two workers whose clocks differ, on one PostgreSQL', () => {
  let store: TestStore;
  let database: Database;
  let right: PostOffice;
  let wrong: PostOffice;

  beforeAll(async () => {
    store = await makeStore('postgres');
    database = await store.open();
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    right = await PostOffice.open(database, { connections: 3 });
    wrong = await PostOffice.open(database, { connections: 3 });
  });
  afterEach(async () => {
    await right.close();
    await wrong.close();
  });

  it.each(OFFSETS)(
    'start each edition once and send each message once: %s',
    async (what, offset) => {
      const names = Array.from({ length: 120 }, (_, at) => `r${at}`);
      const { digestId } = await right.audience(names);
      const editionId = await right.scheduled(digestId, 30 * MINUTE);
      const offices = [right, wrong];
      const until = right.clock.now().getTime() + 8 * HOUR;
      // Minute by minute both look whether it is time; the one whose clock is ahead finds that first.
      for (let at = right.clock.now().getTime(); at <= until; at += 10 * MINUTE) {
        right.clock.set(new Date(at));
        wrong.clock.set(new Date(at + offset));
        await Promise.all(offices.map((office) => office.get(EditionsTick).run()));
        await Promise.all(offices.map((office) => office.prepare(editionId)));
        await Promise.all(offices.map((office) => office.deliver(editionId)));
        await Promise.all(offices.map((office) => office.tick()));
      }
      const { status, counts } = await right.editions.get(editionId);
      const received = offices.flatMap((office) => office.peer.accepted).flatMap(({ to }) => to);
      const inDoubt = Object.values(await right.ledger(editionId)).filter((row) => row.inDoubt).length;
      const doubles = received.length - new Set(received).size;
      const [one, two] = offices.map((office) => office.peer.accepted.length);
      print(`two clocks, one ${what}`, { one, two, doubles, inDoubt, accepted: counts.accepted });
      expect({ status, counts }).toMatchObject({
        status: 'sent',
        counts: { recipients: 120, accepted: 120 },
      });
      expect([received.length, doubles, inDoubt]).toEqual([120, 0, 0]);
    },
    60_000,
  );

  it.each(OFFSETS)('leave each other the claims they hold: %s', async (what, offset) => {
    const names = Array.from({ length: 40 }, (_, at) => `r${at}`);
    const { editionId } = await right.frozen(names);
    let open = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
    right.peer.script = ({ command }) => (command === 'DOT' ? held : undefined);
    const delivering = right.deliver(editionId);
    await right.peer.reached('DOT', 3);
    wrong.clock.set(new Date(right.clock.now().getTime() + offset));
    await wrong.tick(); // a lease is not over because somebody's clock says so
    await wrong.deliver(editionId);
    expect(wrong.peer.accepted).toHaveLength(0);
    open();
    await delivering;
    const { status, counts } = await right.editions.get(editionId);
    print(`two clocks, a lease, one ${what}`, { accepted: counts.accepted, doubles: 0 });
    expect({ status, counts }).toMatchObject({ status: 'sent', counts: { accepted: 40 } });
    expect(right.peer.accepted).toHaveLength(40);
  });
});
