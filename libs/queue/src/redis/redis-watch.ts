import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '#kernel/ids.js';
import type { Log } from '#kernel/observing/logger.js';
import type { RedisClient } from './redis-connection.js';

/** An outage shorter than this is not worth a line in the log. */
const WORTH_A_LINE_MS = 300;
const ASK_AGAIN_MS = 200;

/** How often it looks by itself, so that an emptied store is noticed long before the next tick. */
const LOOK_EVERY_MS = 5_000;
/** A process that is gone leaves its mark behind for no longer than this, in seconds. */
const MARK_LASTS_S = 120;

/**
 * Knows whether the node that holds the queue's keys takes what it is told (of a cluster the others may go on while it
 * is gone), by leaving a mark of this process there. Says in the log when it does not. Tells the listeners when jobs may
 * be lost: a connection broke and there is an answer again, perhaps by a replica that had not heard the last of them;
 * or the mark is gone, so the store was emptied.
 */
export class RedisWatch {
  private readonly listeners: (() => void)[] = [];
  private readonly closing = new AbortController();
  private readonly key: string;
  private readonly rounds: NodeJS.Timeout;
  private marking: Promise<void> | undefined;
  private marked = false;
  private recovering = false;

  constructor(
    private readonly redis: RedisClient,
    prefix: string,
    private readonly log: Log,
  ) {
    this.key = `${prefix}:watch:${newId()}`;
    // A failure is found by lost(), or by whoever needs the queue.
    this.rounds = setInterval(() => {
      this.ask().catch(() => undefined);
    }, LOOK_EVERY_MS).unref();
    redis.on('error', (error: Error) => log.debug('redis connection', { reason: error.message }));
    redis.on('close', () => this.lost());
    if (redis.isCluster) {
      redis.on('-node', () => this.lost());
      redis.on('node error', (error: Error) => log.debug('redis node', { reason: error.message }));
    }
  }

  /** Calls back each time jobs may have been lost and the store takes new ones. */
  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * Resolves when the store takes what it is told; during an outage that may be late.
   * @throws Error at once while there is no connection at all, or with the store's refusal
   */
  async ping(): Promise<void> {
    if (this.redis.status !== 'ready') throw new Error(`Redis is ${this.redis.status}`);
    await this.ask();
  }

  close(): void {
    clearInterval(this.rounds);
    this.closing.abort();
  }

  /** One question at a time, however many want to know: a patient connection keeps each until it is answered. */
  private ask(): Promise<void> {
    return (this.marking ??= this.mark().finally(() => (this.marking = undefined)));
  }

  private async mark(): Promise<void> {
    const before = await this.redis.set(this.key, '1', 'EX', MARK_LASTS_S, 'GET');
    const emptied = this.marked && before === null;
    this.marked = true;
    if (!emptied || this.recovering) return; // who recovers tells them anyway
    this.log.warn('Redis was emptied; looking in the database for what is to be done');
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private lost(): void {
    if (this.recovering || this.closing.signal.aborted) return;
    this.recovering = true;
    this.untilItAnswers().then(
      () => {
        this.recovering = false;
        this.tell();
      },
      () => undefined, // closed meanwhile
    );
  }

  private async untilItAnswers(): Promise<void> {
    const { signal } = this.closing;
    let said = false;
    const sayIt = setTimeout(() => {
      said = true;
      this.log.warn('Redis does not answer; what is committed waits in the database');
    }, WORTH_A_LINE_MS);
    signal.addEventListener('abort', () => clearTimeout(sayIt), { once: true });
    for (;;) {
      try {
        await this.ask();
        break;
      } catch (error) {
        this.log.debug('redis does not answer', { reason: error instanceof Error ? error.message : error });
        await wait(ASK_AGAIN_MS, undefined, { signal });
      }
    }
    clearTimeout(sayIt);
    if (signal.aborted) throw signal.reason;
    if (said) this.log.info('Redis answers again');
  }
}
