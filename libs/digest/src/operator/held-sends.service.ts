import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound, wrongState } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { yesTo } from '../model/slot-draft.js';
import { SlotRepository } from '../model/slot.repository.js';
import { EditionViews, type Edition } from './edition-views.js';

/**
 * Editions that were sent and can still be taken back. Until then nothing of one has begun; then it begins once, whoever's clock finds it
 * and however often they are killed: being held is in the row, and leaving it is one update under its lock.
 */
@Injectable()
export class HeldSends {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly slots: SlotRepository,
    private readonly views: EditionViews,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Takes a sending back: it is a draft again; one that waited for its first readers by its digest's schedule does so again.
   * @throws DomainError `not_found`; `wrong_state` when it is not held, or no longer
   */
  async undo(id: string): Promise<Edition> {
    const now = this.clock.now();
    if (!isId(id)) throw notFound('edition');
    const row = await this.database.transaction(async (tx) => {
      const held = await this.editions.lockById(tx, id);
      if (!held) throw notFound('edition');
      if (!held.heldUntil || held.heldUntil <= now) {
        const why = held.heldUntil ? 'The time to take it back is over.' : `The edition is ${held.status}`;
        throw wrongState(`${why.replace(/\.$/, '')}, so its sending can not be taken back.`, held.status);
      }
      return this.free(tx, held, now);
    });
    return this.views.one(row);
  }

  private async free(tx: Executor, held: EditionRow, now: Date): Promise<EditionRow> {
    const changes = { heldUntil: null, updatedAt: now };
    const event = held.slotId !== null && held.nextWaveAt !== null ? 'wait' : 'undo';
    const row = await this.editions.transition(tx, held.id, event, changes);
    if (!row) throw wrongState('Its sending can not be taken back.', held.status);
    return row;
  }

  /**
   * For the tick: what can be taken back no more is to be prepared. Two clocks never begin the same one.
   * @returns how many
   */
  async release(now: Date = this.clock.now()): Promise<number> {
    let released = 0;
    for (const id of await this.editions.heldUntil(this.database.db, now)) {
      try {
        if (await this.database.transaction((tx) => this.begin(tx, id, now))) released += 1;
      } catch (error) {
        this.log.error('an edition could not begin; it is tried again in a minute', error, { edition: id });
      }
    }
    return released;
  }

  private async begin(tx: Executor, id: string, now: Date): Promise<boolean> {
    const held = await this.editions.lockById(tx, id);
    if (held?.status !== 'scheduled' || !held.heldUntil || held.heldUntil > now) return false; // another clock was first
    const changes = { startedAt: now, heldUntil: null, updatedAt: now, ...yesTo(held, now) };
    if (!(await this.editions.transition(tx, id, 'send', changes))) return false;
    await this.slots.decideOf(tx, id, { status: 'fired', reason: null, decidedAt: now });
    return true;
  }
}
