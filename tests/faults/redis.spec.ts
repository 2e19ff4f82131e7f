import { TestRedis } from '../support/redis.js';
import { Installation } from './redis.harness.js';

/** Far below the minute until the next tick: a lost connection and a lost mark are reason enough to look. */
const SOON_MS = 40_000;

describe('a web process and two workers on PostgreSQL and one Redis', () => {
  let redis: TestRedis;
  let installation: Installation;

  beforeAll(async () => {
    redis = await TestRedis.start();
    installation = await Installation.start(redis.url);
  });
  afterAll(async () => {
    await installation.stop();
    await redis.stop();
  });

  it('finishes an edition through a restart of Redis', async () => {
    await installation.sendThrough(async () => {
      await redis.kill();
      await redis.restart();
    }, SOON_MS);
  }, 90_000);

  it('finishes an edition whose jobs a FLUSHALL took', async () => {
    await installation.sendThrough(() => redis.flush(), SOON_MS);
  }, 90_000);
});
