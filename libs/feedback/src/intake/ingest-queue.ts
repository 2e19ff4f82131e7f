import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel/errors/errors.js';
import { IngestService, type IncomingMail, type Ingested } from '../acting/ingest.service.js';

/** Read and acted on together: what waits while the ones before are dealt with. */
const BATCH = 64;
/** Mails that wait. More are asked to come again: a mail server does. */
const MOST_WAITING = 500;

interface Waiting {
  mail: IncomingMail;
  resolve: (made: Ingested) => void;
  reject: (error: unknown) => void;
}

/** Gathers mails that come in at the same time, so that they are read together. Each is answered when it is committed. */
@Injectable()
export class IngestQueue {
  private readonly waiting: Waiting[] = [];
  private working: Promise<void> | undefined;

  constructor(private readonly ingesting: IngestService) {}

  /** @throws DomainError `unavailable`: too many wait, or as `IngestService.ingest` */
  take(mail: IncomingMail): Promise<Ingested> {
    if (this.waiting.length >= MOST_WAITING) {
      return Promise.reject(new DomainError('unavailable', 'Too many mails wait. Try again in a moment.'));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ mail, resolve, reject });
      this.working ??= this.work();
    });
  }

  private async work(): Promise<void> {
    // What comes in the same turn of the event loop is of the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, BATCH));
    this.working = undefined;
  }

  private async settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const made = await this.ingesting.ingestAll(batch.map(({ mail }) => mail));
      for (const [at, { resolve, reject }] of batch.entries()) {
        const result = made[at];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
