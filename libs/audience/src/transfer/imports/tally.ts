import type { ImportCounts } from '#database/schema/index.js';
import type { FieldError } from '#kernel/errors/errors.js';

/** A line that was not taken in, and why. */
export interface LeftOut {
  line: number;
  field: string;
  code: string;
  message: string;
}

/** Errors that are shown; the file has them all. */
const MOST_SHOWN = 100;

export const NO_COUNTS: ImportCounts = {
  made: 0,
  updated: 0,
  suppressed: 0,
  skipped: 0,
  failed: 0,
  reasons: {},
};

/** What is said of lines that were left out for no fault of theirs. */
const REASONS: Readonly<Record<string, string>> = {
  suppressed: 'This address is suppressed here.',
  unsubscribed: 'This reader unsubscribed here.',
  bounced: 'Mail to this reader bounced here.',
  complained: 'This reader complained here.',
  'already-here': 'This reader is active here: what they were elsewhere changes nothing.',
  gone: 'This reader was erased while the file was read.',
  not_subscribed: 'They were in the lists there, but had not subscribed.',
  unconfirmed: 'They never confirmed there.',
  unsubscribed_there: 'They unsubscribed there.',
  bounced_there: 'Mail to them bounced there.',
  complained_there: 'They complained there.',
  blocked_there: 'They are blocked there.',
};

/** Counts what comes of lines. */
export class Tally {
  readonly counts: ImportCounts;
  /** The first of all. */
  readonly firstErrors: LeftOut[];
  /** Those of this batch. */
  private ofBatch: LeftOut[] = [];

  constructor(counts: ImportCounts, firstErrors: readonly unknown[]) {
    this.counts = { ...counts, reasons: { ...counts.reasons } };
    this.firstErrors = [...firstErrors] as LeftOut[];
  }

  add(counts: Partial<Pick<ImportCounts, 'made' | 'updated' | 'suppressed'>>): void {
    this.counts.made += counts.made ?? 0;
    this.counts.updated += counts.updated ?? 0;
    this.counts.suppressed += counts.suppressed ?? 0;
  }

  /** The line is right, and the reader is left out all the same. */
  skip(line: number, code: string): void {
    this.counts.skipped += 1;
    this.count(code);
    this.ofBatch.push({ line, field: 'line', code, message: REASONS[code] ?? code });
  }

  /** The line is wrong. */
  fail(line: number, errors: readonly FieldError[]): void {
    this.counts.failed += 1;
    const [first] = errors;
    if (!first) return;
    this.count(first.code);
    for (const error of errors) {
      if (this.firstErrors.length < MOST_SHOWN) this.firstErrors.push({ line, ...error });
    }
    const message = errors.map((error) => `${error.field}: ${error.message}`).join(' ');
    this.ofBatch.push({ line, field: first.field, code: first.code, message });
  }

  /** What was left out in this batch, by line. */
  left(): LeftOut[] {
    return [...this.ofBatch].sort((a, b) => a.line - b.line);
  }

  /** Goes on with the next batch. */
  next(): Tally {
    return new Tally(this.counts, this.firstErrors);
  }

  copy(): Tally {
    const copy = this.next();
    copy.ofBatch = [...this.ofBatch];
    return copy;
  }

  private count(code: string): void {
    this.counts.reasons[code] = (this.counts.reasons[code] ?? 0) + 1;
  }
}
