import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { DigestRow } from '../model/digest.repository.js';
import type { SlotTime } from '../schedule/slot-times.js';
import { decideBy, dueBy, scheduleOf, slotsToMake, tooLate } from '../model/digest-schedule.js';
import { SlotEditions } from './slot-editions.js';
import { SlotNotices } from './slot-notices.js';
import { SlotRepository, type NewSlot } from '../model/slot.repository.js';

/** Slots made per digest and tick: a minutely one after a month down has 43,200, and goes on with the next tick. */
const SLOTS_PER_TICK = 200;

/** What a transaction leaves to be told to the queue once it has committed. */
interface Made {
  editionIds: string[];
  mailIds: string[];
  held: SlotTime[];
}

/**
 * Makes the slots whose time has come. A digest's row is locked meanwhile and its cursor moves in the same
 * transaction; the slot's unique key holds whatever the clocks say.
 */
@Injectable()
export class SlotMaker {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
    private readonly editions: SlotEditions,
    private readonly notices: SlotNotices,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Fires, drafts or holds what is due of every digest. One that fails keeps no other from going out. */
  async run(now: Date = this.clock.now()): Promise<void> {
    const publication = await this.publications.current();
    for (const digest of await this.slots.scheduledDigests(this.database.db, publication.id)) {
      try {
        if (dueOf(digest, publication, now).length > 0) await this.makeOf(digest.id, publication, now);
      } catch (error) {
        this.log.error('the slots of a digest could not be made; they are tried again in a minute', error, {
          digest: digest.id,
        });
      }
    }
  }

  private async makeOf(digestId: string, publication: Publication, now: Date): Promise<void> {
    const made = await this.database.transaction(async (tx) => {
      const digest = await this.slots.lockScheduled(tx, digestId);
      return digest ? this.makeAll(tx, digest, publication, now) : undefined;
    });
    if (!made) return;
    for (const editionId of made.editionIds) {
      await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId });
    }
    await this.notices.announce(made.mailIds);
    const { editionIds, held } = made;
    this.log.info('slots made', { digest: digestId, fired: editionIds.length, held: held.length });
  }

  private async makeAll(tx: Executor, digest: DigestRow, publication: Publication, now: Date): Promise<Made> {
    const made: Made = { editionIds: [], mailIds: [], held: [] };
    const times = dueOf(digest, publication, now);
    const last = times.at(-1);
    if (!last) return made;
    await this.slots.moveCursor(tx, digest.id, last.at);
    let lastHeld: string | undefined;
    for (const time of times) {
      const id = newId();
      const isHeld = await this.make(tx, digest, publication.timeZone, { id, ...time }, now, made);
      if (isHeld) lastHeld = id;
    }
    if (lastHeld) {
      const about = { slotId: lastHeld, count: made.held.length };
      made.mailIds.push(...(await this.notices.write(tx, 'slot-held', digest, about)));
    }
    return made;
  }

  /** @returns whether it is held */
  private async make(
    tx: Executor,
    digest: DigestRow,
    publicationZone: string,
    time: SlotTime & { id: string },
    now: Date,
    made: Made,
  ): Promise<boolean> {
    const zone = digest.timeZone ?? publicationZone;
    const slot = { ...time, digestId: digest.id, createdAt: now };
    if (tooLate(dueBy(time), digest.lateLimitMinutes, now)) {
      const reason = `It was due while nothing ran, more than ${digest.lateLimitMinutes} minutes ago.`;
      const isNew = await this.slots.insertUnlessThere(tx, { ...slot, status: 'held', reason });
      if (isNew) made.held.push(time);
      return isNew;
    }
    if (digest.approvalMinutes !== null) {
      await this.propose(tx, digest, zone, slot, digest.approvalMinutes, now, made);
      return false;
    }
    const editionId = newId();
    const fired: NewSlot = { ...slot, status: 'fired', decidedAt: now, editionId };
    if (await this.slots.insertUnlessThere(tx, fired)) {
      await this.editions.fire(tx, digest, fired, zone, editionId, now);
      made.editionIds.push(editionId);
    }
    return false;
  }

  private async propose(
    tx: Executor,
    digest: DigestRow,
    zone: string,
    slot: Omit<NewSlot, 'status'>,
    minutes: number,
    now: Date,
    made: Made,
  ): Promise<void> {
    const editionId = newId();
    const open: NewSlot = { ...slot, status: 'open', editionId };
    if (!(await this.slots.insertUnlessThere(tx, open))) return;
    const by = decideBy(open, minutes, now);
    const articles = await this.editions.propose(tx, digest, open, zone, editionId, by, now);
    // The draft waits for stories (see SlotRefill); but nobody wants a mail about nothing every day.
    if (articles === 0 && digest.whenEmpty === 'skip') return;
    const about = { slotId: slot.id, editionId };
    made.mailIds.push(...(await this.notices.write(tx, 'approval-wanted', digest, about)));
  }
}

function dueOf(digest: DigestRow, publication: Publication, now: Date): SlotTime[] {
  const schedule = scheduleOf(digest, publication.timeZone);
  if (!schedule) return [];
  const after = digest.scheduledThrough ?? digest.updatedAt;
  return slotsToMake(schedule, after, digest.approvalMinutes ?? 0, now, SLOTS_PER_TICK);
}
