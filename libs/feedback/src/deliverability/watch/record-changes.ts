import { Injectable } from '@nestjs/common';
import { Log } from '#kernel/observing/logger.js';
import type { ChangedFinding } from '../changed-findings.js';

/** Records of one publication that are published otherwise than a day before. */
export interface RecordsChanged {
  publicationId: string;
  /** That of the sender, in ASCII. */
  domain: string;
  /** At least one. */
  changes: ChangedFinding[];
}

/** Told when records have changed. Must take the same changes twice: they are told again when noting them failed. */
@Injectable()
export class RecordChanges {
  constructor(private readonly log: Log) {}

  changed({ domain, changes }: RecordsChanged): Promise<void> {
    for (const change of changes) this.log.warn('a DNS record has changed', { domain, ...change });
    return Promise.resolve();
  }
}
