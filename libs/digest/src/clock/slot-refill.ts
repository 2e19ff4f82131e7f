import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { replaceArticles } from '#content/articles/edition-articles.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { DigestRepository } from '../model/digest.repository.js';
import { EditionRepository } from '../model/edition.repository.js';
import { CandidateRepository } from '../selection/candidate.repository.js';
import { SlotNotices } from './slot-notices.js';
import { SlotRepository } from '../model/slot.repository.js';

const PER_TICK = 200;

/** Puts news into drafts that were made when there was none, and asks the operators who were not asked then. */
@Injectable()
export class SlotRefill {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly candidates: CandidateRepository,
    private readonly notices: SlotNotices,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run(now: Date = this.clock.now()): Promise<void> {
    const { id: publicationId } = await this.publications.current();
    for (const { slotId, editionId } of await this.slots.openEmpty(
      this.database.db,
      publicationId,
      PER_TICK,
    )) {
      try {
        const mailIds = await this.database.transaction((tx) =>
          this.refill(tx, publicationId, slotId, editionId, now),
        );
        await this.notices.announce(mailIds);
      } catch (error) {
        this.log.error('a draft could not be filled; it is tried again in a minute', error, { slot: slotId });
      }
    }
  }

  private async refill(
    tx: Executor,
    publicationId: string,
    slotId: string,
    editionId: string,
    now: Date,
  ): Promise<string[]> {
    const edition = await this.editions.lockById(tx, editionId);
    const isUntouched =
      edition?.status === 'draft' && edition.updatedAt.getTime() === edition.createdAt.getTime();
    const digest = isUntouched && (await this.digests.findById(tx, publicationId, edition.digestId));
    if (!digest) return []; // somebody has seen to it meanwhile
    const at = edition.sendAt && edition.sendAt > now ? edition.sendAt : now;
    const articleIds = await this.candidates.unsent(tx, digest, at);
    if (articleIds.length === 0) return [];
    await replaceArticles(tx, editionId, articleIds);
    await this.editions.update(tx, editionId, { version: edition.version + 1 }); // whoever looks at the empty one is told
    // About the operator's text they were asked when the draft was made; at its time it is too late to ask.
    if (digest.whenEmpty === 'send' || at === now) return [];
    return this.notices.write(tx, 'approval-wanted', digest, { slotId, editionId });
  }
}
