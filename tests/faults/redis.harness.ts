import { startApp, type AppProcess } from '../support/app-process.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { makeBarePostgres } from '../support/stores.js';
import { TEST_SECRET } from '../support/test-config.js';
import { CONNECTIONS, makeEdition, reckon, send, SlowServer, untilSent } from './faults.harness.js';

/** Six batches: the two workers have four in flight, and two wait in Redis. */
const READERS = 2_600;
/** Messages after which Redis is done harm: long before a worker is free for one of the two that wait. */
const IN_THE_MIDDLE = 150;

/** A web process and two workers on a PostgreSQL of their own, some Redis and a recording SMTP server. */
export class Installation {
  private constructor(
    readonly web: AppProcess,
    readonly workers: AppProcess[],
    private readonly server: SlowServer,
    private readonly removeDatabase: () => Promise<void>,
  ) {}

  static async start(redisUrl: string): Promise<Installation> {
    const [postgres, server] = await Promise.all([makeBarePostgres(), SlowServer.start()]);
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redisUrl,
      APP_SECRET: TEST_SECRET,
      SMTP_URL: server.peer.url,
      SMTP_CONNECTIONS: String(CONNECTIONS),
    };
    const web = await startApp({ app: 'web', env });
    const workers = await Promise.all([startApp({ app: 'worker', env }), startApp({ app: 'worker', env })]);
    return new Installation(web, workers, server, postgres.remove);
  }

  get peer(): SmtpPeer {
    return this.server.peer;
  }

  /**
   * Sends an edition, does harm to Redis in the middle of it, and waits until it is sent. No process died, so nothing
   * may be in doubt: each reader has exactly one message.
   */
  async sendThrough(harm: () => Promise<void>, timeoutMs: number): Promise<void> {
    const editionId = await makeEdition(this.web, READERS);
    const before = this.peer.accepted.length;
    await send(this.web, editionId);
    await this.peer.received(before + IN_THE_MIDDLE);
    const from = Date.now();
    await harm();
    const { counts } = await untilSent(this.web, editionId, timeoutMs);
    const seconds = (ms: number) => (ms / 1_000).toFixed(1);
    const pause = longestPause(this.peer.accepted.slice(before).map(({ at }) => at.getTime()));
    process.stdout.write(
      `sent ${seconds(Date.now() - from)} s after Redis failed; longest pause ${seconds(pause)} s\n`,
    );
    expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
    const sum = await reckon(this.web, this.peer, editionId);
    expect(sum).toMatchObject({ received: READERS, inDoubt: 0, doubles: 0 });
  }

  async stop(): Promise<void> {
    await Promise.all([this.web, ...this.workers].map((app) => app.stop()));
    await this.peer.close();
    await this.removeDatabase();
  }
}

/** The longest time between one and the next, in ms. */
function longestPause(times: number[]): number {
  return Math.max(...times.slice(1).map((time, at) => time - (times[at] as number)));
}
