import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import type { SlotStatus } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { invalidField, notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { EditionRepository } from '../model/edition.repository.js';
import { slotsBetween } from '../schedule/slot-times.js';
import { DAY_MS } from '../schedule/units.js';
import { scheduleOf } from '../model/digest-schedule.js';
import { timesOf, type SlotTimes } from './slot-view.js';
import type { CalendarQuery } from './slot.schemas.js';
import { SlotRepository } from '../model/slot.repository.js';

const MAX_DAYS = 366;
const DEFAULT_DAYS = 31;
/** Years of five digits are no times to the database. */
const LAST_MS = Date.UTC(9999, 11, 31);
/** A minutely digest has that many in under a day; nobody reads more. */
const MAX_ENTRIES = 1_000;

/** A slot that was, is or will be, or an edition to which somebody gave a time. */
export interface CalendarEntry extends SlotTimes {
  digestId: string;
  /** `scheduled`: an edition that waits for the time somebody gave it; `fired` once it has begun. */
  status: SlotStatus | 'planned' | 'scheduled';
  /** Null: not made yet, or by hand. */
  slotId: string | null;
  editionId: string | null;
}

export interface Calendar {
  /** Ascending. */
  data: CalendarEntry[];
  /** There are more; ask again from the last one's time. */
  truncated: boolean;
}

interface Range {
  from: Date;
  to: Date;
  digestId?: string | undefined;
}

/** What was and what is to come. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
    private readonly digests: DigestRepository,
    private readonly editions: EditionRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  /**
   * Slots, and editions scheduled by hand, in a range of time. One of the readers' local time counts by what their clocks show, read as UTC.
   * @throws DomainError `invalid_input` naming `to`; `not_found` for the digest
   */
  async list(query: CalendarQuery): Promise<Calendar> {
    const range = this.rangeOf(query);
    const publication = await this.publications.current();
    await this.requireDigest(publication.id, range.digestId);
    const limit = MAX_ENTRIES + 1;
    const made = await this.slots.between(this.database.db, publication.id, { ...range, limit });
    const rows = made.map((row) => ({
      ms: row.at.getTime(),
      digestId: row.digestId,
      ...timesOf(row),
      status: row.status,
      slotId: row.id,
      editionId: row.editionId,
    }));
    // A schedule that was changed may have a time again for which there is a slot already.
    const known = new Set(rows.map(keyOf));
    const planned = (await this.planned(publication, range, limit)).filter(
      (entry) => !known.has(keyOf(entry)),
    );
    const byHand = await this.byHand(publication.id, range, limit);
    const found = [...rows, ...planned, ...byHand].sort(
      (a, b) => a.ms - b.ms || (a.digestId < b.digestId ? -1 : 1),
    );
    const data = found.slice(0, MAX_ENTRIES).map(({ ms: _, ...entry }) => entry);
    return { data, truncated: found.length > MAX_ENTRIES };
  }

  private async planned(publication: Publication, range: Range, limit: number) {
    const digests = await this.slots.scheduledDigests(this.database.db, publication.id);
    return digests
      .filter(({ id }) => range.digestId === undefined || id === range.digestId)
      .flatMap((digest) => plannedOf(digest, publication, range, limit));
  }

  private async byHand(publicationId: string, range: Range, limit: number) {
    const rows = await this.editions.byHandBetween(this.database.db, publicationId, { ...range, limit });
    return rows.map(({ id: editionId, digestId, sendAt, status }) => ({
      ms: sendAt.getTime(),
      digestId,
      at: sendAt.toISOString(),
      local: false,
      opensAt: sendAt,
      closesAt: sendAt,
      slotId: null,
      editionId,
      status: status === 'scheduled' ? ('scheduled' as const) : ('fired' as const),
    }));
  }

  private rangeOf(given: CalendarQuery): Range {
    const from = given.from ?? this.clock.now();
    const to = given.to ?? new Date(Math.min(from.getTime() + DEFAULT_DAYS * DAY_MS, LAST_MS));
    if (to <= from) throw invalidField('to', 'too_early', 'The end is not after the start.');
    if (to.getTime() - from.getTime() > MAX_DAYS * DAY_MS) {
      throw invalidField('to', 'too_late', `Ask for at most ${MAX_DAYS} days at once.`);
    }
    return { from, to, digestId: given.digestId };
  }

  private async requireDigest(publicationId: string, id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const row = isId(id) ? await this.digests.findById(this.database.db, publicationId, id) : undefined;
    if (!row) throw notFound('digest');
  }
}

const keyOf = ({ digestId, at }: { digestId: string; at: string }) => `${digestId} ${at}`;

function plannedOf(digest: DigestRow, publication: Publication, { from, to }: Range, limit: number) {
  const schedule = scheduleOf(digest, publication.timeZone);
  if (!schedule) return [];
  const cursor = digest.scheduledThrough ?? digest.updatedAt;
  const after = new Date(Math.max(cursor.getTime(), from.getTime() - 1));
  const until = new Date(to.getTime() - 1);
  return slotsBetween(schedule, after, until, limit).map((slot) => ({
    ms: slot.at.getTime(),
    digestId: digest.id,
    ...timesOf(slot),
    status: 'planned' as const,
    slotId: null,
    editionId: null,
  }));
}
