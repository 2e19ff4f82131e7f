import { startApp, type AppProcess } from '../support/app-process.js';
import { TestRedis } from '../support/redis.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { makeBarePostgres } from '../support/stores.js';
import { TEST_SECRET } from '../support/test-config.js';
import { eventually } from '../support/wait-for.js';
import {
  CONNECTIONS,
  dice,
  makeEdition,
  messageIdOf,
  reckon,
  send,
  SlowServer,
  untilSent,
} from './faults.harness.js';

const READERS = 1_100; // three batches, so that both workers have one

describe('a web process and two workers on PostgreSQL and Redis', () => {
  let server: SlowServer;
  let peer: SmtpPeer;
  let redis: TestRedis;
  let web: AppProcess;
  let workers: AppProcess[];
  let removeDatabase: () => Promise<void>;

  beforeAll(async () => {
    const postgres = await makeBarePostgres();
    removeDatabase = postgres.remove;
    [server, redis] = await Promise.all([SlowServer.start(), TestRedis.start()]);
    peer = server.peer;
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      APP_SECRET: TEST_SECRET,
      SMTP_URL: peer.url,
      SMTP_CONNECTIONS: String(CONNECTIONS),
    };
    web = await startApp({ app: 'web', env });
    workers = await Promise.all([startApp({ app: 'worker', env }), startApp({ app: 'worker', env })]);
  });
  afterAll(async () => {
    await Promise.all([web, ...workers].map((app) => app.stop()));
    await Promise.all([peer.close(), redis.stop()]);
    await removeDatabase();
  });

  it('finishes an edition through killed workers and an emptied Redis: nobody missed, doubles few and marked', async () => {
    const roll = dice();
    const editionId = await makeEdition(web, READERS);
    await send(web, editionId);
    const kills = 4;
    for (let kill = 0; kill < kills; kill++) {
      await peer.received(peer.accepted.length + 20 + roll(150));
      if (kill === 2) await redis.flush();
      await server.silentDuring(() => workers[roll(2)]!.restart('SIGKILL'));
    }
    const { counts } = await untilSent(web, editionId);
    expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
    const { inDoubt, doubles } = await reckon(web, peer, editionId);
    process.stdout.write(`${kills} kills: ${inDoubt} in doubt, ${doubles} doubled\n`);
    expect(inDoubt).toBeGreaterThan(0); // or nothing was killed in time
    expect(inDoubt).toBeLessThanOrEqual(kills * CONNECTIONS);
    expect(doubles).toBeLessThanOrEqual(inDoubt);
  });

  it('deploys new workers in the middle of an edition at no cost', async () => {
    const editionId = await makeEdition(web, READERS);
    await send(web, editionId);
    for (const worker of workers) {
      await peer.received(peer.accepted.length + 50);
      expect(await worker.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      await worker.restart();
    }
    await untilSent(web, editionId);
    expect(await reckon(web, peer, editionId)).toEqual({ accepted: READERS, inDoubt: 0, doubles: 0 });
  });

  it('sends a confirmation whose worker was killed with it on the wire, soon and with the same Message-ID', async () => {
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
