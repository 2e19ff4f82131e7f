import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import type { SkipOrSend } from '#database/schema/index.js';
import type { DigestRow } from '../model/digest.repository.js';
import { toInstant } from '../schedule/zone-time.js';
import { nextSlot, scheduleOf } from '../model/digest-schedule.js';
import { SlotRepository } from '../model/slot.repository.js';

type Columns =
  'cron' | 'timeZone' | 'readerLocal' | 'scheduledThrough' | 'approvalMinutes' | 'withoutApproval';

/** A digest as operators see it: its schedule and approval as they are given. */
export interface Digest extends Omit<DigestRow, Columns> {
  /** `timeZone` null: the publication's. */
  schedule: { cron: string; timeZone: string | null; readerLocal: boolean } | null;
  approval: { minutes: number; otherwise: SkipOrSend } | null;
  /** When it is due next, on the readers' own clocks in the publication's zone; null: never. */
  nextAt: Date | null;
}

/** Makes of rows what operators see. */
@Injectable()
export class DigestViews {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
  ) {}

  async one(row: DigestRow, publication: Publication): Promise<Digest> {
    const [digest] = await this.many([row], publication);
    return digest as Digest;
  }

  /** Costs one query, however many rows there are. */
  async many(rows: DigestRow[], publication: Publication): Promise<Digest[]> {
    const next = await this.slots.nextOfEditions(
      this.database.db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => viewOf(row, earliest(next.get(row.id), plannedAt(row, publication))));
  }
}

function viewOf(row: DigestRow, nextAt: Date | null): Digest {
  const { cron, timeZone, readerLocal, scheduledThrough: _, approvalMinutes, withoutApproval, ...rest } = row;
  return {
    ...rest,
    schedule: cron === null ? null : { cron, timeZone, readerLocal },
    approval: approvalMinutes === null ? null : { minutes: approvalMinutes, otherwise: withoutApproval },
    nextAt,
  };
}

function plannedAt(row: DigestRow, publication: Publication): Date | undefined {
  const schedule = row.archivedAt ? null : scheduleOf(row, publication.timeZone);
  const slot = schedule && nextSlot(schedule, row.scheduledThrough ?? row.updatedAt);
  if (!slot) return undefined;
  return slot.local ? toInstant(slot.at, publication.timeZone) : slot.at;
}

function earliest(...times: (Date | undefined)[]): Date | null {
  const known = times.filter((at) => at !== undefined).map((at) => at.getTime());
  return known.length > 0 ? new Date(Math.min(...known)) : null;
}
