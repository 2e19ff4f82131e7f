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
/** How often each is asked. */
const EVERY_MS = 100;
/** The aim, for every answer of the long run, which has the machine to itself. */
const AIM_MS = 250;
/** Beside other tests on two cores; the limits of each task are above it. */
const PATIENCE_MS = MUCH ? AIM_MS : 4_000;
/** Megabytes that the process itself may grow by while others do the work. */
const GROWTH_MB = 200;

const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Asks ten times a second, whether the last answer has come or not, until it is told to stop, and keeps how long each took. */
class Watch {
  private readonly tookMs: number[] = [];
  private readonly asked: Promise<void>[] = [];
  private readonly wrong: string[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly ask: () => Promise<number>) {
    this.timer = setInterval(() => this.asked.push(this.once()), EVERY_MS);
  }

  private async once(): Promise<void> {
    const started = performance.now();
    const said = await this.ask().then(
      (status) => (status < 300 ? undefined : `It was answered with ${status}.`),
      (error: unknown) => String(error),
    );
    this.tookMs.push(performance.now() - started);
    if (said) this.wrong.push(said);
  }

  async stop(): Promise<Answers> {
    clearInterval(this.timer);
    await Promise.all(this.asked);
    expect(this.wrong).toEqual([]);
    const sorted = this.tookMs.sort((a, b) => a - b);
    return {
      count: sorted.length,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      longestMs: sorted.at(-1) ?? 0,
    };
  }
}

interface Answers {
  count: number;
  p99Ms: number;
  longestMs: number;
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
    return { health: await health.stop(), signUp: await signUps.stop(), mostMb };
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
    const ms = ({ count, p99Ms, longestMs }: Answers) =>
      `${longestMs.toFixed(0)} ms at the longest (p99 ${p99Ms.toFixed(0)}, ${count} asked)`;
    const inWords = ({ health, signUp, mostMb }: typeof quiet) =>
      `/healthz ${ms(health)}, sign-up ${ms(signUp)}, ${mostMb.toFixed(0)} MB`;
    process.stderr.write(
      `quiet: ${inWords(quiet)}\nhostile: ${inWords(hostile)} ${JSON.stringify([...statuses])}\n`,
    );
    expect([...statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
    expect(hostile.health.longestMs).toBeLessThan(PATIENCE_MS);
    expect(hostile.signUp.longestMs).toBeLessThan(PATIENCE_MS);
    expect(hostile.mostMb - quiet.mostMb).toBeLessThan(GROWTH_MB);
  }, 900_000);
});

/** One after the other. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of all) await work(one);
}
