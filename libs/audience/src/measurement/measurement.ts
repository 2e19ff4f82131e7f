import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { ConsentLedger, type ConsentEntry } from '../consent/consent-ledger.js';
import type { ConsentRow } from '../consent/consent-hash.js';
import { ConsentRepository } from '../consent/consent.repository.js';
import { uncountMeasured } from '../numbers/count-in-editions.js';
import { recorded } from '../publication/fields.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import { MeasuredReaderRepository } from './measured-reader.repository.js';
import { MEASUREMENT, namesMeasurement, withMeasurement } from './purposes.js';

/** How a reader agreed to be measured, or ceased to, as evidence. */
export interface MeasurementAct {
  method: string;
  /** Of an agreement: the sentence they saw, or the operator's statement. */
  sentence?: string | null;
  /** Of an agreement that was given before; else now. */
  givenAt?: Date | undefined;
  ip: string | null;
  userAgent: string | null;
}

/**
 * Who is measured: the ledger's rows about the purpose `measurement`, and `measured_since` that follows them in the same transaction.
 * All of it under the lock of the reader's row.
 */
@Injectable()
export class Measurement {
  constructor(
    private readonly consents: ConsentRepository,
    private readonly ledger: ConsentLedger,
    private readonly readers: MeasuredReaderRepository,
  ) {}

  /** Whether a reader agrees now, or will once they confirm. */
  async isAgreed(tx: Executor, { id, status, measuredSince }: Subscriber): Promise<boolean> {
    if (status !== 'pending') return measuredSince !== null;
    return this.isStated(tx, id);
  }

  /** Whether the last that was said of it in the ledger is that they agree. A new sign-up says it anew, also by leaving the box empty. */
  async isStated(tx: Executor, id: string): Promise<boolean> {
    const last = await this.consents.latestAbout(tx, id, ['newsletter', MEASUREMENT]);
    return last?.kind === 'given' && namesMeasurement(last.purposes);
  }

  /**
   * Writes down that a reader agrees. Of one who has not confirmed their address it holds from then on.
   * @returns the reader as they are now
   */
  async agree(tx: Executor, reader: Subscriber, act: MeasurementAct, now: Date): Promise<Subscriber> {
    const isActive = reader.status === 'active';
    await this.ledger.append(tx, {
      ...entryOf(reader, act),
      kind: 'given',
      sentence: act.sentence ?? null,
      submittedAt: act.givenAt ?? now,
      confirmedAt: isActive ? now : null,
    });
    return isActive ? this.begin(tx, reader, now) : reader;
  }

  /** Measures a reader from now on, whose agreement is in the ledger. */
  async begin(tx: Executor, reader: Subscriber, now: Date): Promise<Subscriber> {
    if (reader.measuredSince !== null) await uncountMeasured(tx, reader.id);
    await this.readers.setMeasured(tx, [reader.id], now);
    return { ...reader, measuredSince: now };
  }

  /** Writes down that a reader agrees no longer, and forgets what was stored. @returns the reader as they are now */
  async withdraw(tx: Executor, reader: Subscriber, act: MeasurementAct, now: Date): Promise<Subscriber> {
    await this.ledger.append(tx, { ...entryOf(reader, act), kind: 'withdrawn', submittedAt: now });
    return this.end(tx, reader);
  }

  /** Ceases to measure a reader whose withdrawal the caller writes down, and forgets what was stored of them. */
  async end(tx: Executor, reader: Subscriber): Promise<Subscriber> {
    if (reader.measuredSince === null) return reader;
    await uncountMeasured(tx, reader.id);
    await this.readers.setMeasured(tx, [reader.id], null);
    await this.readers.forget(tx, [reader.id]);
    return { ...reader, measuredSince: null };
  }
}

/** The purposes that end when a reader ends everything. */
export function endedPurposes(
  given: Pick<ConsentRow, 'purposes'> | undefined,
  { measuredSince }: Subscriber,
): string[] {
  const purposes = given?.purposes ?? ['newsletter'];
  return withMeasurement(purposes, measuredSince !== null || namesMeasurement(purposes));
}

function entryOf(reader: Subscriber, { method, ip, userAgent }: MeasurementAct) {
  return {
    publicationId: reader.publicationId,
    subscriberId: reader.id,
    method,
    purposes: [MEASUREMENT],
    locale: reader.locale,
    addressHmac: reader.addressHmac,
    evidence: { address: reader.email, ip: recorded(ip, 64), userAgent: recorded(userAgent) },
  } satisfies Partial<ConsentEntry>;
}
