import { TestRedisCluster } from '../support/redis-cluster.js';
import { outlivesItsMaster } from './queue.failover.harness.js';

describe('the queue on a Redis Cluster', () => {
  outlivesItsMaster(() => TestRedisCluster.start());
});
