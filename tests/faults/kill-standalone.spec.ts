import { startApp, type AppProcess } from '../support/app-process.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import {
  CONNECTIONS,
  dice,
  LONG,
  makeEdition,
  print,
  reckon,
  send,
  SlowServer,
  untilSent,
} from './faults.harness.js';
import { Killer } from './killer.js';
import { SignUps } from './sign-ups.js';

const KILLS = LONG ? 100 : 5;
const BETWEEN = 40;
const READERS = (KILLS + 2) * BETWEEN;

describe('the standalone process on the embedded stores', () => {
  let server: SlowServer;
  let peer: SmtpPeer;
  let app: AppProcess;
  let roll: (below: number) => number;

  beforeAll(async () => {
    roll = dice();
    server = await SlowServer.start();
    peer = server.peer;
    app = await startApp({ env: { SMTP_URL: peer.url, SMTP_CONNECTIONS: String(CONNECTIONS) } });
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await peer.close();
  });

  it(
    'is killed at any moment, again and again: nobody is missed, doubles are few and marked, and what was answered holds',
    async () => {
      const editionId = await makeEdition(app, READERS);
      const killer = new Killer(peer, roll);
      const signUps = new SignUps(app);
      server.allow(0);
      await send(app, editionId);
      await killer.soon(app, 300); // while the edition is compiled and frozen
      for (let at = 1; at < KILLS;) {
        const taken = server.take(1 + roll(BETWEEN));
        const signedUp = signUps.make();
        if (roll(2)) await Promise.all([taken, signedUp]);
        at += await killer.atSomeMoment(app);
        await Promise.all([taken, signedUp]);
      }
      server.allow(Infinity);
      const { counts } = await untilSent(app, editionId, LONG ? 300_000 : 90_000);
      expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
      const { kills, connections } = killer;
      const sum = await reckon(app, peer, editionId);
      const confirmed = await signUps.untilConfirmed(peer);
      print('standalone killed', { kills, 'connections at kills': connections, ...sum, confirmed });
      expect(sum.retries).toBeLessThanOrEqual(connections);
      expect(sum.doubles).toBeLessThanOrEqual(sum.retries); // one may be killed, and doubled, twice
    },
    LONG ? 2_400_000 : 180_000,
  );

  it('goes on after a SIGTERM in the middle of an edition: exit code 0, nobody doubled, nothing in doubt', async () => {
    const readers = 300;
    const editionId = await makeEdition(app, readers);
    server.allow(0);
    await send(app, editionId);
    await server.take(40);
    const ended = app.kill('SIGTERM');
    server.allow(Infinity);
    expect(await ended).toEqual({ code: 0, signal: null });
    await app.restart();
    await untilSent(app, editionId);
    const sum = await reckon(app, peer, editionId);
    print('standalone ended by SIGTERM', sum);
    expect(sum).toMatchObject({ received: readers, doubles: 0, inDoubt: 0, retries: 0 });
  }, 120_000);
});
