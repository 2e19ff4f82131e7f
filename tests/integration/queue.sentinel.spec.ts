import { TestRedisSentinel } from '../support/redis-sentinel.js';
import { outlivesItsMaster } from './queue.failover.harness.js';

describe('the queue on Redis behind a sentinel', () => {
  outlivesItsMaster(() => TestRedisSentinel.start());
});
