import { readFileSync } from 'node:fs';
import { startApp, type AppProcess } from '../support/app-process.js';
import { WebSite } from '../support/web-site.js';
import { NASTY_ITEMS, nastyBodies, nastyTemplates } from './hostile/nasty.js';
import { someAddress } from './scenario.js';

/** How much of each: `npm test` takes a part, `npm run test:hostile` all. */
const MUCH = process.env.HOSTILE === 'long';
const FEEDS = MUCH ? 200 : 48;
const TEMPLATES = MUCH ? 100 : 24;
const BODIES = 20;
/** What a machine that does all of this on two cores, beside other tests, may take; the limits of each task are above it. */
const PATIENCE_MS = 4_000;
/** Megabytes that the process itself may grow by while others do the work. */
const GROWTH_MB = 200;

const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Asks again and again until it is told to stop, and keeps the longest answer. */
class Watch {
  longestMs = 0;
  answers = 0;
  private going = true;
  private readonly done: Promise<void>;

  constructor(private readonly ask: () => Promise<number>) {
    this.done = this.run();
  }

  private async run(): Promise<void> {
    while (this.going) {
      const started = performance.now();
      const status = await this.ask();
      this.longestMs = Math.max(this.longestMs, performance.now() - started);
      if (status >= 300) throw new Error(`It was answered with ${status}.`);
      this.answers += 1;
    }
  }

  async stop(): Promise<number> {
    this.going = false;
    await this.done;
    return this.longestMs;
  }
}

describe('hostile input', () => {
  let app: AppProcess;
  let site: WebSite;

  beforeAll(async () => {
    site = await WebSite.open();
    app = await startApp({ env: { FETCH_ALLOW: '127.0.0.1/32' } });
  });
  afterAll(() => site.close());

  const watched = async (work: () => Promise<unknown>) => {
    const health = new Watch(async () => (await app.fetch('/healthz')).status);
    const signUps = new Watch(async () => {
      const body = new URLSearchParams({ email: someAddress(), terms: 'accepted' });
      return (await app.fetch('/subscribe', { method: 'POST', body })).status;
    });
    let mostMb = 0;
    const memory = setInterval(() => (mostMb = Math.max(mostMb, residentMb(app.pid))), 50);
    try {
      await work();
    } finally {
      clearInterval(memory);
    }
    return { healthMs: await health.stop(), signUpMs: await signUps.stop(), mostMb };
  };

  it('holds up neither /healthz nor a sign-up, and costs the process no memory', async () => {
    const quiet = await watched(() => new Promise((resolve) => setTimeout(resolve, 3_000)));
    const feeds = Array.from({ length: FEEDS }, (_, at) => {
      const path = `/nasty-${at}.xml`;
      site.says(path, NASTY_ITEMS[at % NASTY_ITEMS.length]!(at));
      return site.url + path;
    });
    const templates = nastyTemplates(TEMPLATES);
    const statuses = new Map<number, number>();
    const note = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const hostile = await watched(async () => {
      await Promise.all([
        inTurn(feeds, async (url) => note((await app.api('POST', '/feeds', { url })).status)),
        inTurn(templates, async (template) =>
          note((await app.api('POST', '/templates/check', { template })).status),
        ),
        inTurn(nastyBodies(BODIES), async ({ path, body, type }) => {
          const headers = { 'content-type': type, authorization: `Bearer ${app.apiKey}` };
          note(
            await app.fetch(path, { method: 'POST', body, headers }).then(
              ({ status }) => status,
              () => 413,
            ),
          );
        }),
      ]);
    });
    const inWords = ({ healthMs, signUpMs, mostMb }: typeof quiet) =>
      `/healthz ${healthMs.toFixed(0)} ms, sign-up ${signUpMs.toFixed(0)} ms at the longest, ${mostMb.toFixed(0)} MB`;
    process.stderr.write(
      `quiet: ${inWords(quiet)}\nhostile: ${inWords(hostile)} ${JSON.stringify([...statuses])}\n`,
    );
    expect([...statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
    expect(hostile.healthMs).toBeLessThan(PATIENCE_MS);
    expect(hostile.signUpMs).toBeLessThan(PATIENCE_MS);
    expect(hostile.mostMb - quiet.mostMb).toBeLessThan(GROWTH_MB);
  }, 900_000);
});

/** One after the other. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of all) await work(one);
}
