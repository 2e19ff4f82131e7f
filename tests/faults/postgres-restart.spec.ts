import { TestPostgres } from '../support/postgres-server.js';
import { setTimeout as pause } from 'node:timers/promises';
import { LONG, makeEdition, print, reckon, send, SlowServer } from './faults.harness.js';
import { Fleet } from './fleet.js';
import { SignUps } from './sign-ups.js';

/** How long PostgreSQL stays away, besides what it takes to come up (ms): once for longer than outcomes are insisted on. */
const OUTAGES_MS = LONG ? [0, 3_000, 30_000, 0] : [0, 1_000];
const READERS = 600;
/** Longer than a worker goes on without news of its claim (0.9 s), on a machine that is slow. */
const UNCLAIMED_MS = 5_000;

describe('PostgreSQL, ended at once and started again in the middle of an edition', () => {
  let server: SlowServer;
  let postgres: TestPostgres;
  let fleet: Fleet;

  beforeAll(async () => {
    [server, postgres] = await Promise.all([SlowServer.start(), TestPostgres.start()]);
    const env = { LEASE_SECONDS: '10' };
    fleet = await Fleet.start({ smtpUrl: server.peer.url, databaseUrl: postgres.url, env });
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await server.peer.close();
  });

  it(
    'costs nobody a message, doubles none, and no sign-up is answered with a yes that does not hold',
    async () => {
      const { web } = fleet;
      const signUps = new SignUps(web);
      const editionId = await makeEdition(web, READERS);
      server.allow(0);
      const unwritten: number[] = [];
      await send(web, editionId);
      for (const outage of OUTAGES_MS) {
        await server.take(60);
        await signUps.make();
        await server.holds();
        await postgres.kill();
        // Accepted while nothing can be written down: what the server holds already at least.
        unwritten.push(await server.takeUpTo(20, UNCLAIMED_MS));
        expect((await signUps.make()) ?? 500).toBeGreaterThanOrEqual(500);
        await pause(outage);
        await postgres.restart();
      }
      for (const accepted of unwritten) expect(accepted).toBeGreaterThan(0);
      server.allow(Infinity);
      const { counts } = await fleet.untilSent(editionId, 90_000);
      expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
      const sum = await reckon(web, server.peer, editionId);
      const confirmed = await signUps.untilConfirmed(server.peer, () => fleet.tick());
      print('PostgreSQL restarted', { restarts: OUTAGES_MS.length, unwritten, ...sum, confirmed });
      expect(sum).toMatchObject({ received: READERS, doubles: 0, inDoubt: 0, uncertain: 0 });
    },
    LONG ? 300_000 : 180_000,
  );
});
