import { Injectable } from '@nestjs/common';
import { Log } from '#kernel/observing/logger.js';
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

/** Told when records have changed: raises the alarm. Told twice, when noting them failed, it is one alarm. */
@Injectable()
export class RecordChanges {
  constructor(
    private readonly alarms: Alarms,
    private readonly log: Log,
  ) {}

  async changed({ publicationId, domain, changes }: RecordsChanged): Promise<void> {
    for (const change of changes) this.log.warn('a DNS record has changed', { domain, ...change });
    const reason = changes
      .map(({ check, about, before, after }) => `${check} of ${about}: "${before}" became "${after}".`)
      .join(' ');
    const detail = { name: domain, reason };
    await this.alarms.raise(null, { publicationId, cause: 'records_changed', subject: domain, detail });
  }
}
