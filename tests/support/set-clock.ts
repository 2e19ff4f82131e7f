import 'reflect-metadata';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { DiscoveryService } from '@nestjs/core';
import { Queue } from 'bullmq';
import { sql } from 'drizzle-orm';
import { FETCH_LIMITS } from '#content/fetching/fetcher.js';
import { Database } from '#database/database.js';
import { SystemClock } from '#kernel/clock.js';
import type { ClockTicker } from '#queue/clock/clock-ticker.js';
import { TickProcessor } from '#queue/clock/tick.processor.js';
import { JobWorkers } from '#queue/job-workers.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';

/**
 * Preloaded into an app (`--import`) it puts the app's clock into a test's hands; the rest of the app is as it is. The
 * clock begins at SET_CLOCK_AT. On SET_CLOCK_PORT it is told `POST /at {at, tick}`, which answers when nothing is left
 * to be done at that time, and `POST /rows {query}`, for a look into a store that no other process can open.
 */
const { SET_CLOCK_AT, SET_CLOCK_PORT } = process.env;
const FEED_ANSWERS_WITHIN_MS = 3_000; // the product's own patience would hold up the test
const IDLE_TIMEOUT_MS = 60_000; // of a machine that has other things to do
const ON_ITS_WAY_MS = 100;
const TICK_AGAIN_MS = 2_000;

let now = new Date(SET_CLOCK_AT ?? Date.now());
SystemClock.prototype.now = () => new Date(now);
FETCH_LIMITS.headersMs = FEED_ANSWERS_WITHIN_MS;

const events = new EventEmitter().setMaxListeners(0);
let running = 0;
let ticked = 0;
let rested = 0;

/** Puts something around a method of a class. */
function around<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  make: (original: T[K]) => T[K],
): void {
  prototype[name] = make(prototype[name]);
}

around(
  JobProcessor.prototype,
  'process',
  (process) =>
    async function (this: JobProcessor, ...given) {
      running += 1;
      try {
        await process.apply(this, given);
      } finally {
        running -= 1;
        rested = Date.now();
        if (running === 0) events.emit('rest');
      }
    },
);

around(
  TickProcessor.prototype,
  'handle',
  (handle) =>
    async function (this: TickProcessor, ...given) {
      const at = now;
      await handle.apply(this, given);
      if (at === now) ticked += 1; // one that began before the clock was moved does not count
    },
);

/** What is kept from other code by its types only. */
interface Insides {
  ticker: ClockTicker;
  processors: { discovery: DiscoveryService };
}

around(
  JobWorkers.prototype,
  'start',
  (start) =>
    function (this: JobWorkers) {
      start.call(this);
      const { ticker, processors } = this as unknown as Insides;
      const all = processors.discovery.getProviders().map(({ instance }: { instance: unknown }) => instance);
      const database = all.find((one) => one instanceof Database);
      const editions = all.find((one) => one instanceof Queue && one.name === 'edition');
      if (!database || !editions) throw new Error('The app has no database, or no queue.');
      listen({ ticker, database, editions: editions as Queue });
    },
);

interface App {
  ticker: ClockTicker;
  database: Database;
  editions: Queue;
}

function listen(app: App): void {
  const server = createServer((request, response) => {
    const answer = async () => {
      const given = JSON.parse(await bodyOf(request)) as { at?: string; tick?: boolean; query?: string };
      if (given.query !== undefined) return rows(app.database, given.query);
      if (given.at !== undefined) now = new Date(given.at);
      if (given.tick) await tickUntilIdle(app);
      return { now };
    };
    answer().then(
      (body) => response.writeHead(200).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(Number(SET_CLOCK_PORT), '127.0.0.1').unref();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function rows(database: Database, query: string): Promise<unknown[]> {
  const result: unknown = await database.db.execute(sql.raw(query));
  return (result as { rows: unknown[] }).rows;
}

/** Ticks as the minute's timer does and waits until all that follows from it is done. */
async function tickUntilIdle({ ticker, database, editions }: App): Promise<void> {
  const deadline = Date.now() + IDLE_TIMEOUT_MS;
  const from = ticked;
  let askedAt = Date.now();
  ticker.tickAfterOutage();
  for (;;) {
    if (ticked > from && running === 0) {
      const open = [...(await whatWaits(editions)), ...(await whatIsDue(database))];
      if (open.length === 0 && running === 0) return;
      if (Date.now() > deadline) throw new Error(`Not done at ${now.toISOString()}: ${open.join(', ')}`);
    } else if (Date.now() > deadline) throw new Error(`Nothing ticks at ${now.toISOString()}`);
    if (Date.now() - askedAt > TICK_AGAIN_MS) {
      askedAt = Date.now();
      ticker.tickAfterOutage();
    }
    const patience = AbortSignal.timeout(20);
    await once(events, 'rest', { signal: patience }).catch(() => undefined);
  }
}

/**
 * Editions that are only looked at again show in no table. A job that is active, but not here, is one of a killed process; or it is
 * on its way from the queue, which takes a moment.
 */
async function whatWaits(editions: Queue): Promise<string[]> {
  const { waiting = 0, active = 0 } = await editions.getJobCounts('waiting', 'active');
  return waiting > 0 || (active > 0 && Date.now() - rested < ON_ITS_WAY_MS) ? ['jobs about editions'] : [];
}

/** What the database says is still to be done by now. It is the truth; the queue is a hint. */
async function whatIsDue(database: Database): Promise<string[]> {
  const at = `'${now.toISOString()}'::timestamptz`;
  const found = (await rows(
    database,
    `SELECT 'edition ' || id AS what FROM edition WHERE status = 'preparing' OR (status = 'scheduled' AND send_at <= ${at})
       OR (status = 'sending' AND next_wave_at <= ${at})
     UNION ALL SELECT 'feed ' || id FROM feed WHERE enabled AND due_at <= ${at}
     UNION ALL SELECT 'mail ' || id FROM outbox_mail WHERE status IN ('queued', 'claimed') AND due_at <= ${at}
     UNION ALL (SELECT 'delivery of ' || edition_id FROM delivery WHERE status = 'claimed' LIMIT 3)
     UNION ALL (SELECT 'delivery of ' || edition_id FROM delivery WHERE status = 'queued' AND due_at <= ${at} LIMIT 3)`,
  )) as { what: string }[];
  return found.map(({ what }) => what);
}
