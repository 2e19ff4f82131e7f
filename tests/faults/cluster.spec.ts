import { TestRedisCluster } from '../support/redis-cluster.js';
import { TestRedisSentinel } from '../support/redis-sentinel.js';
import { eventually } from '../support/wait-for.js';
import { Installation } from './redis.harness.js';

/** Far below the minute until the next tick: a lost connection is reason enough to look what is to be done. */
const SOON_MS = 40_000;

const KINDS = [
  ['a Redis Cluster of three masters', () => TestRedisCluster.start()],
  ['Redis behind a sentinel', () => TestRedisSentinel.start()],
] as const;

describe.each(KINDS)('a web process and two workers on PostgreSQL and %s', (_name, start) => {
  let redis: TestRedisCluster | TestRedisSentinel;
  let installation: Installation;

  beforeAll(async () => {
    redis = await start();
    installation = await Installation.start(redis.url);
  });
  afterAll(async () => {
    await installation.stop();
    await redis.stop();
  });

  it('finishes an edition whose master is killed with -9 on the way: each reader exactly one message', async () => {
    await installation.sendThrough(() => redis.failOver(), SOON_MS);
  }, 120_000);

  it('says in /readyz that the queue is down, as long as it is; ends on SIGTERM all the same', async () => {
    const { web, workers } = installation;
    const readyz = async () => (await web.fetch('/readyz')).status;
    await eventually(async () => (await readyz()) === 200);
    await redis.killAll();
    await eventually(async () => (await readyz()) === 503);
    const from = Date.now();
    expect(await workers[0]!.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(Date.now() - from).toBeLessThan(10_000);
    await redis.startAgain();
    await eventually(async () => (await readyz()) === 200, { timeoutMs: 20_000 });
    expect(await web.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 120_000);
});
