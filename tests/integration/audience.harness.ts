import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AudienceModule } from '#audience/audience.module.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { SignUpContext } from '#audience/reader/sign-up.service.js';
import { Database } from '#database/database.js';
import { digest } from '#database/schema/index.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import type { JobName, JobPayload } from '#queue/jobs/jobs.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { served, type Served } from '../support/checked.js';
import { silentLog, testConfig } from '../support/test-config.js';

/** A queue that only remembers what was put in. */
export class RecordingQueue extends JobQueue {
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
    const providers = [...(values as { provide: typeof Clock; useValue: Clock }[]), Outbox, OutboxRepository, RunningJobs];
    return { module: Surroundings, providers, exports: providers };
  }
}

export interface Audience {
  module: TestingModule;
  database: Database;
  clock: SettableClock;
  queue: RecordingQueue;
  signer: TokenSigner;
  publicationId: string;
  get: <T>(token: abstract new (...args: never[]) => T) => Served<T>;
}

export const FIRST_SECRET = 'a secret of the audience tests alone';

export const START = '2026-03-01T09:00:00.000Z';

/** The audience lib as an application wires it, on a database of the test's own. */
export async function openAudience(database: Database, secrets = [FIRST_SECRET]): Promise<Audience> {
  const clock = new SettableClock(START);
  const queue = new RecordingQueue();
  const keyring = new Keyring(secrets);
  const signer = new TokenSigner(keyring);
  const module = await Test.createTestingModule({
    imports: [
      Surroundings.of([
        { provide: Clock, useValue: clock },
        { provide: Config, useValue: testConfig() },
        { provide: Database, useValue: database },
        { provide: JobQueue, useValue: queue },
        { provide: Keyring, useValue: keyring },
        { provide: Log, useValue: silentLog() },
        { provide: TokenSigner, useValue: signer },
      ]),
      AudienceModule,
    ],
  }).compile();
  await module.init();
  const { id: publicationId } = await module.get(PublicationService).ensure();
  const get = <T>(token: abstract new (...args: never[]) => T): Served<T> => served(module.get<T>(token));
  return { module, database, clock, queue, signer, publicationId, get };
}

export const SENTENCE = 'I agree to the terms of the newsletter.';

/** A sign-up as the page under an article sends it. */
export function context(overrides: Partial<SignUpContext> = {}): SignUpContext {
  return {
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (test)',
    form: 'article',
    method: 'form',
    sentence: SENTENCE,
    ...overrides,
  };
}

let counter = 0;

/** An address nobody has used yet. */
export function freshAddress(name = 'reader'): string {
  counter += 1;
  return `${name}${counter}@example.org`;
}

export async function addDigest(audience: Audience, slug: string, isDefault = true): Promise<string> {
  const id = newId();
  await audience.database.db
    .insert(digest)
    .values({ id, publicationId: audience.publicationId, slug, name: `The ${slug}`, isDefault });
  return id;
}
