import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { asc, eq, sql, type SQL } from 'drizzle-orm';
import { AddressHasher } from '#audience/suppression/address-hasher.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import { Database } from '#database/database.js';
import { delivery, edition, outboxMail, subscriber, subscription } from '#database/schema/index.js';
import { ClaimRecovery } from '#delivery/recovery/claim-recovery.js';
import { AudienceModule } from '#audience/audience.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { DeliveryModule } from '#delivery/delivery.module.js';
import { DeliverBatchProcessor } from '#delivery/editions/deliver-batch.processor.js';
import { DeliveryRepository } from '#delivery/editions/delivery.repository.js';
import { FreezeRepository } from '#delivery/editions/freeze.repository.js';
import { PrepareEditionProcessor } from '#delivery/editions/prepare-edition.processor.js';
import { SendMailProcessor } from '#delivery/outbox/send-mail.processor.js';
import { rowsOf } from '#database/rows.js';
import { DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick } from '#delivery/recovery/ticks.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import type { TransportView } from '#delivery/transports/transport-view.js';
import { DigestService } from '#digest/operator/digest.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobQueue, type EnqueueOptions } from '#queue/jobs/job-queue.js';
import type { JobName, JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { served, type Served } from '../support/checked.js';
import { makeFolder } from '../support/folders.js';
import {
  startSmtpPeer,
  type SmtpAnswer,
  type SmtpCommand,
  type SmtpPeer,
  type SmtpPeerOptions,
  type SmtpScript,
} from '../support/smtp-peer.js';
import { ContentSandboxes } from '#content/reading/content-sandboxes.js';
import { RenderingSandboxes } from '#rendering/rendering.module.js';
import { sharedContentSandboxes, sharedSandboxes } from '../support/shared-sandboxes.js';
import { listeningLog, testConfig, TEST_SECRET } from '../support/test-config.js';

/** A queue that only remembers what was put in. */
export class RecordingQueue extends JobQueue {
  readonly jobs: { name: JobName; payload: unknown; options: EnqueueOptions }[] = [];

  override enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options: EnqueueOptions = {},
  ): Promise<boolean> {
    this.jobs.push({ name, payload, options });
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
export const SENDER = 'news@harbour.example';
export const MINUTE = 60_000;
/** LEASE_SECONDS as it comes. */
export const LEASE_MS = 60_000;
export const HOUR = 60 * MINUTE;

export interface OfficeOptions {
  /** SMTP connections, and so lanes. */
  connections?: number;
  inDoubt?: Config['inDoubt'];
  /** The folder of the journals, to share it with another office. */
  dataDir?: string;
  /** What SMTP_URL has after the address; null: no SMTP_URL, so the built-in mailbox. */
  smtp?: string | null;
  peer?: SmtpPeerOptions;
  /** What else its configuration says. */
  config?: Partial<Config>;
  /** What else is to be there, besides delivery and what it needs. */
  modules?: Type[];
}

export interface LedgerRow {
  email: string | null;
  subscriberId: string;
  status: string;
  attempts: number;
  inDoubt: boolean;
  smtpCode: number | null;
  smtpReply: string | null;
  dueAt: Date;
}

/** One worker's delivery with an SMTP server of its own; several may work on one database. */
export class PostOffice {
  readonly clock: SettableClock;
  /** Where its readers are, unlike those of any other office. */
  readonly domain = `d${newId().replaceAll('-', '')}.example`;
  readonly stopping = new AbortController();
  readonly breakingOff = new AbortController();

  private constructor(
    readonly database: Database,
    readonly peer: SmtpPeer,
    readonly queue: RecordingQueue,
    readonly dataDir: string,
    readonly logs: string[],
    readonly module: TestingModule,
    private readonly removeFolder: () => Promise<void>,
  ) {
    this.clock = module.get<SettableClock>(Clock, { strict: false });
  }

  static async open(database: Database, options: OfficeOptions = {}): Promise<PostOffice> {
    const peer = await startSmtpPeer(options.peer);
    const folder = await makeFolder();
    const dataDir = options.dataDir ?? folder.path;
    const clock = new SettableClock(START);
    const queue = new RecordingQueue();
    const keyring = new Keyring([TEST_SECRET]);
    const { log, lines } = listeningLog();
    const config = testConfig({
      dataDir,
      mailFrom: { name: 'The Harbour Post', address: SENDER },
      smtp: {
        url: options.smtp === null ? null : `${peer.url}${options.smtp ?? ''}`,
        connections: options.connections ?? 4,
      },
      inDoubt: options.inDoubt ?? 'resend',
      ...options.config,
    });
    const module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: Config, useValue: config },
          { provide: Database, useValue: database },
          { provide: JobQueue, useValue: queue },
          { provide: Keyring, useValue: keyring },
          { provide: Log, useValue: log },
          { provide: Metrics, useValue: new Metrics() },
          { provide: TokenSigner, useValue: new TokenSigner(keyring) },
        ]),
        AudienceModule,
        DigestModule,
        DeliveryModule,
        ...(options.modules ?? []),
      ],
    })
      .overrideProvider(RenderingSandboxes)
      .useValue(sharedSandboxes)
      .overrideProvider(ContentSandboxes)
      .useValue(sharedContentSandboxes)
      .compile();
    await module.init();
    await module.get(PublicationService, { strict: false }).ensure();
    module.get(FreezeRepository, { strict: false }).smallestBatch = 1_000; // so that an edition is one batch
    return new PostOffice(database, peer, queue, dataDir, lines, module, folder.remove);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.peer.close();
    await this.removeFolder();
  }

  get<T>(type: abstract new (...args: never[]) => T): Served<T> {
    return served(this.module.get<T>(type, { strict: false }));
  }

  get editions(): Served<EditionService> {
    return this.get(EditionService);
  }
  get repository(): DeliveryRepository {
    return this.get(DeliveryRepository);
  }

  get context(): JobContext {
    return { signal: this.stopping.signal, deadline: this.breakingOff.signal };
  }

  /** The address of a reader: names are local parts. */
  address(name: string): string {
    return name.includes('@') ? name : `${name}@${this.domain}`;
  }

  /** A digest of its own with readers subscribed to it. @returns ids by name */
  async audience(names: readonly string[]): Promise<{ digestId: string; ids: Record<string, string> }> {
    const { id: digestId } = await this.get(DigestService).create({ name: `Digest ${newId()}` });
    const ids: Record<string, string> = {};
    for (const name of names) ids[name] = await this.reader(name, digestId);
    return { digestId, ids };
  }

  async reader(
    name: string,
    digestId?: string,
    overrides: Partial<typeof subscriber.$inferInsert> = {},
  ): Promise<string> {
    const id = newId();
    const email = this.address(name);
    const { id: publicationId } = await this.get(PublicationService).current();
    const addressHmac = await this.get(AddressHasher).hash(email);
    await this.database.db.insert(subscriber).values({
      id,
      publicationId,
      email,
      emailNormalised: email,
      addressHmac,
      locale: 'en',
      status: 'active',
      followsDefaults: false,
      ...overrides,
    });
    if (digestId) await this.database.db.insert(subscription).values({ subscriberId: id, digestId });
    return id;
  }

  /** A draft of the digest, of an article of its own. */
  async draft(digestId: string): Promise<string> {
    const { id: publicationId } = await this.get(PublicationService).current();
    const article = await this.get(ArticleService).create(publicationId, {
      title: 'A story from the quay',
      body: 'It happened at the quay.\n\n“Never again.”',
      format: 'text',
    });
    this.clock.advance(MINUTE);
    const draft = await this.editions.createDraft(digestId, { articleIds: [article.id] });
    return draft.id;
  }

  /** An edition of the digest that is to start so many milliseconds from now. */
  async scheduled(digestId: string, inMs: number): Promise<string> {
    const draftId = await this.draft(digestId);
    const sendAt = new Date(this.clock.now().getTime() + inMs).toISOString();
    await this.editions.schedule(draftId, { sendAt });
    return draftId;
  }

  /** An edition of the digest, asked to be sent but not yet prepared. */
  async requested(digestId: string): Promise<string> {
    const draftId = await this.draft(digestId);
    await this.editions.requestSend(draftId);
    return draftId;
  }

  prepare(editionId: string): Promise<void> {
    return this.get(PrepareEditionProcessor).handle({ editionId });
  }

  /** A frozen edition to these readers. */
  async frozen(names: readonly string[]) {
    const { digestId, ids } = await this.audience(names);
    const editionId = await this.requested(digestId);
    await this.prepare(editionId);
    return { editionId, digestId, ids };
  }

  /** Makes a transport as an operator would: to this office's server, with no rules for recipient domains. */
  transport(overrides: Record<string, unknown> = {}, peer = this.peer): Promise<TransportView> {
    return this.get(TransportService).create({
      name: `transport ${newId()}`,
      host: '127.0.0.1',
      port: peer.port,
      security: 'opportunistic',
      connections: 4,
      domainRules: [],
      ...overrides,
    });
  }

  /** How many readers of an edition are in each state. */
  async tally(editionId: string): Promise<Record<string, number>> {
    const rows = await this.rows<{ status: string; n: number }>(
      sql`SELECT status, count(*)::int AS n FROM delivery WHERE edition_id = ${editionId} GROUP BY status`,
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  }

  /** Tries that were counted, of all readers of an edition together. */
  async tries(editionId: string): Promise<number> {
    return Object.values(await this.ledger(editionId)).reduce((sum, row) => sum + row.attempts, 0);
  }

  /** Runs the job of one batch. */
  deliver(editionId: string, batch = 0): Promise<void> {
    return this.get(DeliverBatchProcessor).handle({ editionId, batch }, this.context);
  }

  sendMail(mailId: string): Promise<void> {
    return this.get(SendMailProcessor).handle({ mailId }, this.context);
  }

  async recover(): Promise<void> {
    await this.get(ClaimRecovery).run();
  }

  /** What the minute's tick does for delivery. */
  async tick(): Promise<void> {
    await this.get(RecoveryTick).run();
    await this.get(OutboxTick).run();
    await this.get(EditionsTick).run();
    await this.get(DeliveriesTick).run();
  }

  async edition(id: string): Promise<typeof edition.$inferSelect> {
    const [row] = await this.database.db.select().from(edition).where(eq(edition.id, id));
    return row!;
  }

  async mail(id: string): Promise<typeof outboxMail.$inferSelect> {
    const [row] = await this.database.db.select().from(outboxMail).where(eq(outboxMail.id, id));
    return row!;
  }

  /** The ledger of an edition, by the readers' names; by id where the reader is gone. */
  async ledger(editionId: string): Promise<Record<string, LedgerRow>> {
    const rows = await this.database.db
      .select({
        email: subscriber.email,
        subscriberId: delivery.subscriberId,
        status: delivery.status,
        attempts: delivery.attempts,
        inDoubt: delivery.inDoubt,
        smtpCode: delivery.smtpCode,
        smtpReply: delivery.smtpReply,
        dueAt: delivery.dueAt,
      })
      .from(delivery)
      .leftJoin(subscriber, eq(subscriber.id, delivery.subscriberId))
      .where(eq(delivery.editionId, editionId))
      .orderBy(asc(delivery.subscriberId));
    return Object.fromEntries(rows.map((row) => [row.email?.split('@')[0] ?? row.subscriberId, row]));
  }

  /** Name → state, of the whole ledger. */
  async states(editionId: string): Promise<Record<string, string>> {
    const rows = Object.entries(await this.ledger(editionId));
    return Object.fromEntries(rows.map(([name, row]) => [name, row.status]));
  }

  /** How many suppressions name this address, and what its reader is now. */
  async standing(name: string): Promise<{ suppressed: number; status: string | undefined }> {
    const email = this.address(name);
    const hmac = await this.get(AddressHasher).hash(email);
    const [suppressions] = await this.rows<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM suppression WHERE address_hmac = ${hmac}`,
    );
    const [reader] = await this.database.db.select().from(subscriber).where(eq(subscriber.email, email));
    return { suppressed: suppressions!.n, status: reader?.status };
  }

  async rows<T>(query: SQL | string): Promise<T[]> {
    return rowsOf<T>(await this.database.db.execute(query));
  }

  messageId(editionId: string, subscriberId: string): string {
    return deliveryMessageId(editionId, subscriberId, SENDER);
  }

  /**
   * Resolves when the watch of a claim has next looked at the ledger, from the first word of its question to the last
   * of the answer. Set up at once; an office has one edition under way at a time.
   */
  nextLook(): Promise<void> {
    const { repository } = this;
    const original = Object.getPrototypeOf(repository) as DeliveryRepository;
    return new Promise((resolve) => {
      repository.findStopped = async (...asked) => {
        const found = await original.findStopped.call(repository, ...asked);
        // The watch goes on with the answer before whoever waits for this.
        setImmediate(resolve);
        return found;
      };
    });
  }

  /** Makes the leases of all claims run out. */
  async endLeases(seconds = 1): Promise<void> {
    const past = sql`clock_timestamp() - ${seconds}::int * interval '1 second'`;
    await this.database.db.update(delivery).set({ leaseUntil: past }).where(eq(delivery.status, 'claimed'));
    await this.database.db
      .update(outboxMail)
      .set({ leaseUntil: past })
      .where(eq(outboxMail.status, 'claimed'));
  }
}

/** Something the test lets go when it wants. */
export function gate(): { opened: Promise<undefined>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
  return { opened, open: () => open() };
}

/** The Message-ID of a raw message. */
export function messageIdOf(raw: Buffer): string | undefined {
  return /^Message-ID:\s*(<[^>]+>)/im.exec(raw.toString('latin1'))?.[1];
}

/** A script that answers by reader: what is said to a name at which command. */
export function byReader(answers: Record<string, Partial<Record<SmtpCommand, SmtpAnswer>>>): SmtpScript {
  return ({ command, to }) => answers[to.split('@')[0] ?? '']?.[command];
}

/** Names of so many readers. */
export function names(count: number, prefix = 'reader', domain?: string): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}${domain ? `@${domain}` : ''}`);
}

/** Puts something else in place of a method. @returns puts the method back */
export function replaced<T extends object, K extends keyof T>(object: T, name: K, other: T[K]): () => void {
  const original = object[name];
  object[name] = other;
  return () => (object[name] = original);
}
