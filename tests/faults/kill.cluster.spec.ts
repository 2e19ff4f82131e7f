import type { AppProcess } from '../support/app-process.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import {
  CONNECTIONS,
  dice,
  LONG,
  makeEdition,
  messageIdOf,
  print,
  reckon,
  send,
  SlowServer,
} from './faults.harness.js';
import { Fleet } from './fleet.js';
import { Killer } from './killer.js';
import { SignUps } from './sign-ups.js';

const KILLS = LONG ? 100 : 5;
/** Between two kills the server takes at most so many; some readers are left for the end. */
const BETWEEN = 60;
const READERS = (KILLS + 2) * BETWEEN;

describe('workers on PostgreSQL and Redis', () => {
  let server: SlowServer;
  let peer: SmtpPeer;
  let fleet: Fleet;
  let web: AppProcess;
  let workers: AppProcess[];
  let roll: (below: number) => number;

  beforeAll(async () => {
    roll = dice();
    server = await SlowServer.start();
    peer = server.peer;
    fleet = await Fleet.start({ smtpUrl: peer.url });
    ({ web, workers } = fleet);
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await peer.close();
  });

  it(
    'are killed at any moment, again and again: nobody is missed, doubles are few and marked, and what was answered holds',
    async () => {
      const editionId = await makeEdition(web, READERS);
      const killer = new Killer(peer, roll);
      const signUps = new SignUps(web);
      server.allow(0);
      await send(web, editionId);
      await killer.soon(workers[0]!, 300); // while the edition is compiled and frozen
      for (let at = 1; at < KILLS;) {
        const taken = server.take(1 + roll(BETWEEN));
        await signUps.make();
        if (roll(2)) await taken;
        at += await killer.atSomeMoment(workers[roll(2)]!);
        await taken;
      }
      await server.holds();
      for (const worker of workers) await killer.now(worker); // one of them in the middle of a message
      server.allow(Infinity);
      const { counts } = await fleet.untilSent(editionId, LONG ? 300_000 : 60_000);
      expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
      const { kills, connections } = killer;
      const sum = await reckon(web, peer, editionId);
      const confirmed = await signUps.untilConfirmed(peer, () => fleet.tick());
      print('workers killed', { kills, 'connections at kills': connections, ...sum, confirmed });
      expect(sum.inDoubt).toBeGreaterThan(0);
      expect(sum.retries).toBeLessThanOrEqual(connections);
      expect(sum.doubles).toBeLessThanOrEqual(sum.retries); // one may be killed, and doubled, twice
    },
    LONG ? 1_800_000 : 120_000,
  );

  it('are replaced by new ones in the middle of an edition, one after the other, at no cost', async () => {
    const readers = 600;
    const editionId = await makeEdition(web, readers);
    server.allow(0);
    await send(web, editionId);
    for (const worker of workers) {
      await server.take(50);
      const ended = worker.kill('SIGTERM');
      server.allow(150); // more than what is on its way to the server from either
      expect(await ended).toEqual({ code: 0, signal: null });
      await worker.restart();
    }
    server.allow(Infinity);
    await fleet.untilSent(editionId);
    const sum = await reckon(web, peer, editionId);
    print('a deploy', { restarts: workers.length, ...sum });
    expect(sum).toMatchObject({ received: readers, doubles: 0, inDoubt: 0, retries: 0, uncertain: 0 });
  }, 120_000);

  it('send a confirmation whose worker was killed with it on the wire soon, with the same Message-ID', async () => {
    const [doomed, idle] = workers;
    await idle!.kill('SIGTERM');
    const { script } = peer;
    const before = peer.accepted.length;
    let sentence: () => void = () => undefined;
    const held = new Promise<undefined>((resolve) => (sentence = () => resolve(undefined)));
    let first = true;
    peer.script = ({ command }) => {
      if (command !== 'DOT' || !first) return undefined;
      first = false;
      return held;
    };
    const answer = await web.fetch('/subscribe', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'new@harbour.example', terms: 'accepted' }),
    });
    expect(answer.status).toBe(202);
    await eventually(() => !first);
    await doomed!.kill('SIGKILL');
    sentence(); // the server took it, and nobody heard
    peer.script = script;
    const from = Date.now();
    await doomed!.restart();
    const [one, again] = (await peer.received(before + 2)).slice(before);
    expect(Date.now() - from).toBeLessThan(20_000); // its journal says at once what a lease would only say in time
    expect(messageIdOf(again!.raw)).toBe(messageIdOf(one!.raw));
    expect(again!.to).toEqual(['new@harbour.example']);
  });
});

describe('workers that hold what is in doubt (IN_DOUBT=hold)', () => {
  const kills = LONG ? 20 : 2;
  const between = 60;
  // What is in doubt at a kill is not sent again: it is used up beside what the server takes. Some are left for the end.
  const readers = (kills + 2) * (between + CONNECTIONS);

  it(
    'double nothing when they are killed, and count what they hold',
    async () => {
      const roll = dice();
      const server = await SlowServer.start();
      const fleet = await Fleet.start({ smtpUrl: server.peer.url, workers: 1, env: { IN_DOUBT: 'hold' } });
      try {
        const editionId = await makeEdition(fleet.web, readers);
        const killer = new Killer(server.peer, roll);
        server.allow(0);
        await send(fleet.web, editionId);
        for (let kill = 0; kill < kills; kill++) {
          await server.take(between - roll(50));
          await killer.now(fleet.workers[0]!);
        }
        server.allow(Infinity);
        await fleet.untilSent(editionId, LONG ? 180_000 : 60_000);
        const sum = await reckon(fleet.web, server.peer, editionId);
        print('workers killed, IN_DOUBT=hold', { kills: killer.kills, ...sum });
        expect(sum.doubles).toBe(0);
        expect(sum.inDoubt).toBeGreaterThan(0);
        expect(sum.inDoubt).toBe(sum.uncertain);
        expect(sum.inDoubt).toBeLessThanOrEqual(killer.kills * CONNECTIONS);
      } finally {
        await fleet.stop();
        await server.peer.close();
      }
    },
    LONG ? 900_000 : 120_000,
  );
});
