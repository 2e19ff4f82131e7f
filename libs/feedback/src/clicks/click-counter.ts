import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Measure } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import type { EditionLinkRef } from '#kernel/crypto/link-tokens.js';
import type { MeasuredReader } from '#kernel/crypto/measured-tokens.js';
import { ClickRepository } from './click.repository.js';
import { ClickTally } from './click-tally.js';
import { ClientHasher } from './client-hashes.js';
import { HitWindow } from './hit-window.js';
import { pictureAgent } from './picture-agents.js';
import { isScannerAgent } from './scanner-agents.js';

/** How often what has been judged is stored. */
const STORE_EVERY_MS = 2_000;

/** In the place of a link's number. */
const PICTURE = -1;

/** A request, for as long as it takes to forget who made it. */
export interface Visitor {
  ip: string;
  userAgent: string | undefined;
}

/** Which page that acts for one reader was looked at. */
const PAGES = { unsubscribe: 0, preferences: 1 } as const;
export type ReaderPage = keyof typeof PAGES;

/**
 * Counts clicks. A hit is held in memory for ten seconds, judged, and added to the numbers in the database within two more: whoever kills
 * the process loses those. Each process counts what came to it.
 */
@Injectable()
export class ClickCounter implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly window = new HitWindow();
  private readonly tally = new ClickTally();
  private readonly hasher = new ClientHasher(() => this.tally.forget());
  private timer: NodeJS.Timeout | undefined;
  private storing: Promise<void> | undefined;

  constructor(
    private readonly clicks: ClickRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.store().catch((error: unknown) =>
        this.log.warn('clicks could not be stored; they are kept', { error }),
      );
    }, STORE_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The last requests have been answered; the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.storing?.catch(() => undefined); // said where it was started
    await this.store(Infinity).catch((error: unknown) =>
      this.log.error('the last clicks could not be stored', error),
    );
  }

  /**
   * A link was asked for.
   * @param link with the reader in whose mail it stood, if they had agreed to be measured
   * @param method of HTTP
   */
  async link(
    link: EditionLinkRef & Partial<MeasuredReader>,
    method: string,
    visitor: Visitor,
  ): Promise<void> {
    const measure = await this.measure();
    if (measure === 'none') return;
    const { editionId, number } = link;
    const subscriberId = measure === 'consented' ? link.subscriberId : undefined;
    const at = this.clock.now().getTime();
    const { client, network } = this.hashesOf(visitor, at);
    const isMachine = method !== 'GET' || isScannerAgent(visitor.userAgent);
    const kind = isMachine ? 'machine' : 'open';
    this.window.add(network, { at, client, kind, editionId, number, subscriberId });
  }

  /**
   * The picture in a measured reader's mail was asked for. Whether they still agree is looked at when it is stored.
   * @param isAhead the program says that nobody looks at it yet
   */
  async picture(
    { editionId, subscriberId }: MeasuredReader,
    method: string,
    visitor: Visitor,
    isAhead: boolean,
  ): Promise<void> {
    if ((await this.measure()) !== 'consented') return;
    const agent = isAhead ? 'prefetch' : pictureAgent(visitor.userAgent);
    if (method !== 'GET' || agent === 'machine') return;
    const at = this.clock.now().getTime();
    if (agent === 'prefetch') this.tally.addPrefetch(editionId, subscriberId, at);
    else {
      const { client, network } = this.hashesOf(visitor, at);
      this.window.add(network, { at, client, kind: 'picture', editionId, number: PICTURE, subscriberId });
    }
  }

  /** A page that acts for one reader was looked at. */
  async page(page: ReaderPage, visitor: Visitor): Promise<void> {
    if ((await this.measure()) === 'none') return;
    const at = this.clock.now().getTime();
    const { client, network } = this.hashesOf(visitor, at);
    this.window.addPage(network, { at, client, number: PAGES[page] });
  }

  /** Something was done on such a page: no scanner does. */
  acted(visitor: Visitor): void {
    const { client, network } = this.hashesOf(visitor, this.clock.now().getTime());
    this.window.forgetPages(network, client);
  }

  /** Judges what has been held long enough and stores all that is judged. @param now milliseconds; Infinity: all */
  store(now = this.clock.now().getTime()): Promise<void> {
    this.tally.add(this.window.settle(now));
    this.storing ??= this.write().finally(() => (this.storing = undefined));
    return this.storing;
  }

  private async write(): Promise<void> {
    const counts = this.tally.take();
    if (Object.values(counts).every((list: readonly unknown[]) => list.length === 0)) return;
    try {
      await this.clicks.add(counts);
    } catch (error) {
      this.tally.putBack(counts);
      throw error;
    }
  }

  /** What holds now holds of mails too that were sent while something else did: with `none` nothing is counted, nor held for a moment. */
  private async measure(): Promise<Measure> {
    return (await this.publications.current()).measure;
  }

  private hashesOf({ ip, userAgent = '' }: Visitor, at: number) {
    return this.hasher.of(ip, userAgent, at);
  }
}
