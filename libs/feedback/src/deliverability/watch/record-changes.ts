import { Injectable } from '@nestjs/common';
import { Alarms } from '../../alarms/alarms.js';
import type { ChangedFinding } from '../changed-findings.js';

/** Records of one publication that are published otherwise than a day before. */
export interface RecordsChanged {
  publicationId: string;
  /** That of the sender, in ASCII. */
  domain: string;
  /** At least one. */
  changes: ChangedFinding[];
}

/** Tells operators that records have changed. The same may be told twice: it is one alarm. */
@Injectable()
export class RecordChanges {
  constructor(private readonly alarms: Alarms) {}

  async changed({ publicationId, domain, changes }: RecordsChanged): Promise<void> {
    const reason = changes
      .map(({ check, about, before, after }) => `${check} of ${about}: "${before}" is now "${after}"`)
      .join('; ');
    await this.alarms.raise(null, {
      publicationId,
      cause: 'records_changed',
      subject: domain,
      detail: { name: domain, reason, changes },
    });
  }
}
