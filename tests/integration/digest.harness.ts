import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService, type Article } from '#content/articles/article.service.js';
import { FeedTick } from '#content/feeds/feed-tick.js';
import { FeedService } from '#content/feeds/feed.service.js';
import { FeedsModule } from '#content/feeds/feeds.module.js';
import { ImportModule } from '#content/import/import.module.js';
import { ImportService } from '#content/import/import.service.js';
import { and, eq, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import {
  editionWave,
  operator,
  subscriber,
  subscription,
  topic,
  variant,
  type SubscriberStatus,
} from '#database/schema/index.js';
import { AlertService } from '#digest/alerts/alert.service.js';
import { DigestModule } from '#digest/digest.module.js';
import { DigestService } from '#digest/operator/digest.service.js';
import { EditionContentService } from '#digest/content/edition-content.service.js';
import { EditionPreviewService } from '#digest/preview/edition-preview.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { ApprovalService } from '#digest/operator/approval.service.js';
import { CalendarService } from '#digest/operator/calendar.service.js';
import { SlotService } from '#digest/operator/slot.service.js';
import { SlotTick } from '#digest/clock/slot.tick.js';
import { chosenBy } from '#digest/model/bit-mask.js';
import { rowsOf } from '#database/rows.js';
import { FrozenWaves } from '#digest/selection/frozen-waves.js';
import { WaveService } from '#digest/selection/wave.service.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { JobName, JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { served, type Served } from '../support/checked.js';
import { sharedContentSandboxes, sharedSandboxes } from '../support/shared-sandboxes.js';
import { ContentSandboxes } from '#content/reading/content-sandboxes.js';
import { RenderingSandboxes } from '#rendering/rendering.module.js';
import { silentLog, testConfig, TEST_SECRET } from '../support/test-config.js';

/** A queue that only remembers what was put in. */
class RecordingQueue extends JobQueue {
  readonly jobs: { name: JobName; payload: unknown }[] = [];

  override enqueue<N extends JobName>(name: N, payload: JobPayload<N>): Promise<boolean> {
    this.jobs.push({ name, payload });
    return Promise.resolve(true);
  }
  override ping(): Promise<void> {
    return Promise.resolve();
  }
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

@Global()
@Module({})
class Surroundings {
  static of(values: { provide: unknown; useValue: unknown }[]): DynamicModule {
    const providers = [
      ...(values as { provide: typeof Clock; useValue: Clock }[]),
      Outbox,
      OutboxRepository,
      RunningJobs,
    ];
    return { module: Surroundings, providers, exports: providers };
  }
}

export const START = '2027-01-05T09:00:00.000Z';

/** A wave as it was chosen. */
export interface FrozenWave {
  readers: number;
  /** The candidates. */
  articleIds: string[];
  variants: { locale: string; articleIds: string[]; more: boolean; contentId: string }[];
  nextAt: Date | null;
}

/** A newsroom: content and digest as an application wires them, on a database of the test's own. */
export class Newsroom {
  private counter = 0;

  private constructor(
    readonly database: Database,
    readonly clock: SettableClock,
    readonly queue: RecordingQueue,
    readonly metrics: Metrics,
    readonly publicationId: string,
    private readonly module: TestingModule,
  ) {}

  static async open(database: Database, config: Partial<Config> = {}): Promise<Newsroom> {
    const clock = new SettableClock(START);
    const queue = new RecordingQueue();
    const metrics = new Metrics();
    const keyring = new Keyring([TEST_SECRET]);
    const module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: Config, useValue: testConfig(config) },
          { provide: Database, useValue: database },
          { provide: JobQueue, useValue: queue },
          { provide: Keyring, useValue: keyring },
          { provide: Log, useValue: silentLog() },
          { provide: Metrics, useValue: metrics },
          { provide: TokenSigner, useValue: new TokenSigner(keyring) },
        ]),
        DigestModule,
        FeedsModule,
        ImportModule,
      ],
    })
      .overrideProvider(RenderingSandboxes)
      .useValue(sharedSandboxes)
      .overrideProvider(ContentSandboxes)
      .useValue(sharedContentSandboxes)
      .compile();
    const { id } = await module.get(PublicationService, { strict: false }).ensure();
    return new Newsroom(database, clock, queue, metrics, id, module);
  }

  /** Any provider of the modules. */
  get<T>(token: abstract new (...args: never[]) => T): Served<T> {
    return served(this.module.get<T>(token, { strict: false }));
  }

  get feeds(): Served<FeedService> {
    return this.get(FeedService);
  }
  get feedTick(): FeedTick {
    return this.module.get(FeedTick, { strict: false });
  }
  get imports(): Served<ImportService> {
    return this.get(ImportService);
  }
  get articles(): Served<ArticleService> {
    return this.get(ArticleService);
  }
  get digests(): Served<DigestService> {
    return this.get(DigestService);
  }
  get editions(): Served<EditionService> {
    return this.get(EditionService);
  }
  get alerts(): Served<AlertService> {
    return this.get(AlertService);
  }
  get content(): Served<EditionContentService> {
    return this.get(EditionContentService);
  }
  get slots(): Served<SlotService> {
    return this.get(SlotService);
  }
  get approvals(): Served<ApprovalService> {
    return this.get(ApprovalService);
  }
  get calendar(): Served<CalendarService> {
    return this.get(CalendarService);
  }
  get slotTick(): SlotTick {
    return this.module.get(SlotTick, { strict: false });
  }
  get previews(): Served<EditionPreviewService> {
    return this.get(EditionPreviewService);
  }

  /** An article; one minute passes after it, so that the order of times is the order of making. */
  async article(overrides: Record<string, unknown> = {}): Promise<Article> {
    this.counter += 1;
    const title = `Story ${this.counter} from the quay`;
    const body = `It happened at the quay, for the ${this.counter}th time.\n\n“Never again,” said the harbour master.`;
    const made = await this.articles.create(this.publicationId, {
      title,
      body,
      format: 'text',
      ...overrides,
    });
    this.clock.advance(60_000);
    return made;
  }

  async topic(slug: string): Promise<string> {
    const id = newId();
    await this.database.db
      .insert(topic)
      .values({ id, publicationId: this.publicationId, slug, name: `The ${slug}` });
    return id;
  }

  /** A reader, subscribed to the digests given. */
  async reader(
    digestIds: string[],
    overrides: { locale?: string; status?: SubscriberStatus; followsDefaults?: boolean; name?: string } = {},
    wish: Partial<typeof subscription.$inferInsert> = {},
  ): Promise<string> {
    const id = newId();
    const email = `reader${(this.counter += 1)}@example.org`;
    await this.database.db.insert(subscriber).values({
      id,
      publicationId: this.publicationId,
      email,
      emailNormalised: email,
      addressHmac: Buffer.from(email),
      locale: 'en',
      status: 'active',
      followsDefaults: digestIds.length === 0,
      ...overrides,
    });
    for (const digestId of digestIds) {
      await this.database.db.insert(subscription).values({ ...wish, subscriberId: id, digestId });
    }
    return id;
  }

  /** Nothing is mailed to the reader's address any more. */
  async suppress(readerId: string): Promise<void> {
    await this.database.db.execute(sql`
      INSERT INTO suppression (id, publication_id, address_hmac, reason)
      SELECT ${newId()}::uuid, publication_id, address_hmac, 'operator' FROM subscriber WHERE id = ${readerId}`);
  }

  /** Someone who runs it. @returns the address */
  async operator(role: 'owner' | 'editor' | 'analyst' = 'editor'): Promise<string> {
    const email = `${role}${(this.counter += 1)}@example.org`;
    const row = { id: newId(), publicationId: this.publicationId, email, passwordHash: 'none', role };
    await this.database.db.insert(operator).values(row);
    return email;
  }

  /** The tick of an instant. */
  async tickAt(at: string): Promise<void> {
    this.clock.set(at);
    await this.slotTick.run();
  }

  /** Chooses and compiles the wave that is due, as the worker does, but writes no deliveries. */
  async freeze(editionId: string): Promise<FrozenWave | null> {
    const waves = this.module.get(WaveService, { strict: false });
    const publication = await this.module.get(PublicationService, { strict: false }).current();
    return this.database.transaction(async (tx) => {
      const chosen = await waves.choose(tx, publication, editionId);
      if (!chosen) return null;
      const [{ recipients } = { recipients: 0 }] = rowsOf<{ recipients: number }>(
        await tx.execute(sql`SELECT count(*)::int AS recipients FROM wave_choice`),
      );
      await this.module.get(FrozenWaves, { strict: false }).note(tx, chosen, { recipients, batches: 1 });
      const [row] = await tx
        .select()
        .from(editionWave)
        .where(and(eq(editionWave.editionId, editionId), eq(editionWave.wave, chosen.wave)));
      const rows = await tx
        .select()
        .from(variant)
        .where(and(eq(variant.editionId, editionId), eq(variant.wave, chosen.wave)));
      const variants = rows.map(({ locale, mask, more, contentId }) => ({
        locale,
        more,
        contentId,
        articleIds: chosenBy(mask, row!.articleIds),
      }));
      return { readers: recipients, articleIds: row!.articleIds, variants, nextAt: chosen.nextAt };
    });
  }

  /** How often MJML was compiled so far. */
  async compiles(): Promise<number> {
    const { values } = await this.metrics.mjmlCompiles.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }
}
