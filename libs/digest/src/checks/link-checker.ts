import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import pLimit from 'p-limit';
import { LinkFetcher } from '#content/fetching/fetching.module.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { ofFailure, ofStatus, type LinkAnswer } from './link-answer.js';
import { LinkCheckRepository } from './link-check.repository.js';

/** A page that is there is not tried again for an hour; what failed may be mended. */
const FRESH_MS = { works: 3_600_000, fails: 300_000 };
const FORGET_MS = 7 * 86_400_000;
/** A name that DNS is slow to find holds one of libuv's four threads. */
const AT_ONCE = 2;
/** Links of an edition that are tried. */
const MOST_LINKS = 200;
/** The head of the answer tells; most servers send no more when they are asked for no more. */
const HEADERS = { range: 'bytes=0-1023', accept: '*/*' };

/** What is known of some links. */
export interface KnownLinks {
  dead: { url: string; problem: string }[];
  /** Still being tried: ask again in a moment. */
  pending: number;
}

/** Tries links beside the requests that ask for them, and keeps what became of each for all processes. */
@Injectable()
export class LinkChecker implements OnModuleDestroy {
  private readonly limit = pLimit(AT_ONCE);
  private readonly running = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly links: LinkCheckRepository,
    private readonly fetcher: LinkFetcher,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    this.limit.clearQueue();
    await Promise.allSettled(this.running.values());
  }

  /** What is known of links by now; those that are not are begun. Never waits for another site. */
  async known(urls: readonly string[]): Promise<KnownLinks> {
    const asked = [...new Set(urls)].slice(0, MOST_LINKS);
    const now = this.clock.now().getTime();
    const rows = await this.links.find(this.database.db, asked);
    const fresh = rows.filter(({ checkedAt, problem }) => {
      return now - checkedAt.getTime() < (problem ? FRESH_MS.fails : FRESH_MS.works);
    });
    const done = new Set(fresh.map(({ url }) => url));
    for (const url of asked) if (!done.has(url)) this.begin(url);
    return {
      dead: fresh.flatMap(({ url, problem }) => (problem ? [{ url, problem }] : [])),
      pending: asked.length - done.size,
    };
  }

  /** For tests: waits until nothing is being tried. */
  async settled(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private begin(url: string): void {
    if (this.running.has(url) || this.stop.signal.aborted) return;
    const run = this.limit(() => this.tryOut(url))
      .catch((error: unknown) => this.log.debug('a link could not be tried', { error }))
      .finally(() => this.running.delete(url));
    this.running.set(url, run);
  }

  private async tryOut(url: string): Promise<void> {
    const answer = await this.answerOf(url);
    if (this.stop.signal.aborted) return;
    const checkedAt = this.clock.now();
    await this.links.keep(this.database.db, { url, checkedAt, ...answer });
    await this.links.forget(this.database.db, new Date(checkedAt.getTime() - FORGET_MS));
  }

  private async answerOf(url: string): Promise<LinkAnswer> {
    try {
      const { status } = await this.fetcher.get(url, { headers: HEADERS, signal: this.stop.signal });
      return ofStatus(status);
    } catch (error) {
      return ofFailure(error);
    }
  }
}
