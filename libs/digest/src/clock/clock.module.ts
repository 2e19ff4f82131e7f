import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ArticlesModule } from '#content/articles/articles.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { SelectionModule } from '../selection/selection.module.js';
import { EditionPauses } from './edition-pauses.js';
import { NoticeContent } from './notice-content.js';
import { DeciderRepository } from './decider.repository.js';
import { OperatorNotices } from './operator-notices.js';
import { SlotDecider } from './slot-decider.js';
import { SlotEditions } from './slot-editions.js';
import { SlotMaker } from './slot-maker.js';
import { SlotNotices } from './slot-notices.js';
import { SlotRefill } from './slot-refill.js';
import { SlotWithdrawal } from './slot-withdrawal.js';
import { SlotTick } from './slot.tick.js';

/** Slots, their editions, and who is told. */
@Module({
  imports: [ArticlesModule, DigestModelModule, PublicationModule, SelectionModule],
  providers: [
    EditionPauses,
    NoticeContent,
    DeciderRepository,
    OperatorNotices,
    SlotDecider,
    SlotEditions,
    SlotMaker,
    SlotNotices,
    SlotRefill,
    SlotWithdrawal,
    SlotTick,
  ],
  exports: [EditionPauses, NoticeContent, OperatorNotices, SlotEditions, SlotWithdrawal],
})
export class DigestClockModule {}
