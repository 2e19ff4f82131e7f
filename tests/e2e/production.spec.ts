import { freePort } from '../support/free-port.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { emptyRedis, startRedis, type TestRedis } from '../support/redis.js';
import { makeBarePostgres, type BarePostgres } from '../support/stores.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { Scenario, someAddress, sumOf } from './scenario.js';

const READERS = 1_000;
const SECRET = 'a-secret-of-the-tests-that-is-long-enough';

interface Worker {
  process: AppProcess;
  metric(name: string): Promise<number>;
}

async function startWorker(env: Record<string, string>): Promise<Worker> {
  const port = await freePort();
  const process = await startApp({ app: 'worker', env: { ...env, WORKER_PORT: String(port) } });
  const text = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return { process, metric: async (name) => sumOf(await text(), name) };
}

describe('web and two workers as processes of their own, on PostgreSQL, Redis and SMTP', () => {
  let peer: SmtpPeer;
  let web: AppProcess;
  let workers: Worker[];
  let as: Scenario;
  let postgres: BarePostgres;

  beforeAll(async () => {
    peer = await startSmtpPeer();
    postgres = await makeBarePostgres();
    const env = {
      DATABASE_URL: postgres.appUrl,
      REDIS_URL: await emptyRedis(),
      SMTP_URL: peer.url,
      APP_SECRET: SECRET,
      MAIL_FROM: 'The Evening Post <news@post.example>',
    };
    // The workers need not know the owner of the tables.
    web = await startApp({ app: 'web', env: { ...env, MIGRATION_DATABASE_URL: postgres.ownerUrl } });
    workers = await Promise.all([startWorker(env), startWorker(env)]);
    as = new Scenario(web);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([web, ...workers.map((worker) => worker.process)].map((process) => process.stop()));
    await peer.close();
    await postgres.remove();
  });

  it(`gives ${READERS} readers one message each, compiles MJML once per locale, and the sums are right`, async () => {
    const digest = await as.made('/digests', { name: 'Evening' });
    const lines = Array.from(
      { length: READERS },
      (_, i) => `r${i}@reader.example,Reader ${i},${i % 4 === 0 ? 'de' : 'en'}`,
    );
    const imported = await web.fetch('/api/v1/subscribers/import?source=test&terms=accepted', {
      method: 'POST',
      headers: { authorization: `Bearer ${web.apiKey}`, 'content-type': 'text/csv' },
      body: ['email,name,locale', ...lines].join('\n'),
    });
    expect(await imported.json()).toMatchObject({ imported: READERS });
    const articles = [await as.article(), await as.article({ title: 'The ferry is late again' })];

    const edition = await as.sent(
      (
        await as.draft(
          digest.id,
          articles.map((one) => one.id),
        )
      ).id,
      120_000,
    );

    expect(edition.counts).toEqual({
      recipients: READERS,
      accepted: READERS,
      queued: 0,
      claimed: 0,
      deferred: 0,
      failed: 0,
      suppressed: 0,
      expired: 0,
      uncertain: 0,
    });
    const perRecipient = peer.acceptedPerRecipient();
    expect(perRecipient.size).toBe(READERS);
    expect(Math.max(...perRecipient.values())).toBe(1);
    // Two locales, so two compiles, in whichever worker prepared the edition.
    const compiled = await Promise.all(
      workers.map((worker) => worker.metric('broadsheet_mjml_compiles_total')),
    );
    expect(compiled.reduce((sum, count) => sum + count)).toBe(2);
    const ids = new Set(
      peer.accepted.map((mail) => /^Message-ID:\s*(<[^>]+>)/im.exec(mail.raw.toString())?.[1]),
    );
    expect(ids.size).toBe(READERS);
  }, 180_000);

  it('stops a worker on SIGTERM with exit code 0', async () => {
    const exit = await (workers[1] as Worker).process.kill('SIGTERM');
    expect(exit.code).toBe(0);
  });
});

describe('an outage of Redis', () => {
  let redis: TestRedis;
  let app: AppProcess;
  let postgres: { url: string; remove(): Promise<void> };

  beforeAll(async () => {
    redis = await startRedis();
    postgres = await makeBarePostgres();
    app = await startApp({ env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url, APP_SECRET: SECRET } });
  }, 120_000);

  afterAll(async () => {
    await app.stop();
    await postgres.remove();
  });

  it('keeps a sign-up, says in /readyz what is down, and sends the mail when Redis is back', async () => {
    const as = new Scenario(app);
    const reader = someAddress();
    await redis.kill();
    await eventually(async () => (await app.fetch('/readyz')).status === 503, { what: '/readyz to notice' });
    expect(await (await app.fetch('/readyz')).json()).toMatchObject({
      stores: { database: 'ok', queue: 'down' },
    });
    const before = performance.now();
    expect((await as.signUp(reader)).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await as.mails(reader)).toEqual([]);
    await redis.restart();
    expect((await as.mail(reader, /confirm/i)).subject).toBeDefined();
  }, 120_000);
});
