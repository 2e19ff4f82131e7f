import { DomainError } from '#kernel/errors/errors.js';
import { SandboxError } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import type { KeptReport } from '../reports/kept-report.js';
import { unreadMail } from './read-returned-mail.js';
import type { ReadingTasks } from './reading-tasks.js';
import { reducedMail } from './reduced-mail.js';
import type { UnderstoodMail } from './understood-mail.js';

/** The largest mails that are no attack take half a second. */
const READ_MS = 5_000;
/** Of one task. More would make one bad mail cost others a second reading. */
const BATCH_MAILS = 64;
const BATCH_BYTES = 2_097_152;
/** Seconds after which another try makes sense. */
const RETRY_AFTER_S = 10;

/** Reads mails that came back in a process of its own, with limits of time and memory. */
export class ReturnReader {
  constructor(private readonly sandbox: Sandbox<ReadingTasks>) {}

  /**
   * Reads one. One that breaks a limit is `other`, with a note why.
   * @param raw RFC 5322, of any size and shape
   * @throws DomainError `unavailable` when too much waits, or the process died ({@link endedReading}): another try may do
   */
  async read(raw: Uint8Array): Promise<UnderstoodMail> {
    const [read] = await this.readAll([raw]);
    if (read?.status === 'rejected') throw read.reason;
    return read?.value ?? unreadMail('It was not read.');
  }

  /**
   * Reads many. None harms those beside it: where the process ends, each is read alone.
   * @returns for each, in their order, what {@link read} returns or throws
   */
  async readAll(raws: readonly Uint8Array[]): Promise<PromiseSettledResult<UnderstoodMail>[]> {
    const read: PromiseSettledResult<UnderstoodMail>[] = [];
    for (const batch of batches(raws.map(reducedMail))) read.push(...(await this.batch(batch)));
    return read;
  }

  /**
   * Reads the report that came with a mail. @returns null: it is none, is damaged, or too large
   * @throws DomainError `unavailable`
   */
  async readReport({ kind, report }: UnderstoodMail): Promise<KeptReport | null> {
    if (!report || (kind !== 'dmarc_report' && kind !== 'tls_report')) return null;
    try {
      const of = kind === 'dmarc_report' ? 'dmarc' : 'tls';
      const kept = await this.sandbox.run('report', { kind: of, report }, READ_MS);
      return { ...kept, startsAt: new Date(kept.startsAt), endsAt: new Date(kept.endsAt) };
    } catch (error) {
      if (error instanceof DomainError) return null;
      if (!(error instanceof SandboxError)) throw error;
      if (error.isLimit) return null;
      throw busy(error);
    }
  }

  private async batch(raws: Uint8Array[]): Promise<PromiseSettledResult<UnderstoodMail>[]> {
    try {
      return (await this.sandbox.run('read', raws, READ_MS)).map((mail) => fulfilled(dated(mail)));
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      if (error.reason === 'busy') return raws.map(() => rejected(busy(error)));
      if (raws.length === 1) return [withoutReading(error)];
    }
    const alone: PromiseSettledResult<UnderstoodMail>[] = [];
    for (const raw of raws) alone.push(...(await this.batch([raw])));
    return alone;
  }
}

/** Whether a mail was not read because the process that was reading it, and it alone, ended. */
export function endedReading(error: unknown): boolean {
  return error instanceof DomainError && error.cause instanceof SandboxError && error.cause.reason === 'died';
}

/** What becomes of the one mail whose reading was ended. */
function withoutReading(error: SandboxError): PromiseSettledResult<UnderstoodMail> {
  if (!error.isLimit) return rejected(busy(error));
  return fulfilled(unreadMail(`It takes too much ${error.reason} to be read.`));
}

const fulfilled = <T>(value: T): PromiseFulfilledResult<T> => ({ status: 'fulfilled', value });
const rejected = (reason: unknown): PromiseRejectedResult => ({ status: 'rejected', reason });

function batches(raws: readonly Uint8Array[]): Uint8Array[][] {
  const found: Uint8Array[][] = [];
  let bytes = 0;
  for (const raw of raws) {
    const last = found.at(-1);
    if (last && last.length < BATCH_MAILS && bytes + raw.length <= BATCH_BYTES) last.push(raw);
    else {
      found.push([raw]);
      bytes = 0;
    }
    bytes += raw.length;
  }
  return found;
}

/** A date of this realm: one that came from another process need not be an instance of our `Date`. */
function dated(mail: UnderstoodMail): UnderstoodMail {
  const { complaint } = mail;
  if (!complaint?.arrivedAt) return mail;
  return { ...mail, complaint: { ...complaint, arrivedAt: new Date(complaint.arrivedAt) } };
}

function busy(cause: SandboxError): DomainError {
  const what =
    cause.reason === 'died'
      ? 'The process that reads returned mail ended before it was done.'
      : 'Too many returned mails are being read at once.';
  return new DomainError('unavailable', `${what} Try again in a moment.`, {
    cause,
    retryAfter: RETRY_AFTER_S,
  });
}
