import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { SubscribersModule } from '#audience/subscribers/subscribers.module.js';
import { ArticlesModule } from '#content/articles/articles.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestClockModule } from '../clock/clock.module.js';
import { DraftsModule } from '../drafts/drafts.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { SelectionModule } from '../selection/selection.module.js';
import { ApprovalService } from './approval.service.js';
import { CalendarService } from './calendar.service.js';
import { DigestViews } from './digest-views.js';
import { DigestService } from './digest.service.js';
import { EditionChecks } from './edition-checks.js';
import { EditionViews } from './edition-views.js';
import { EditionService } from './edition.service.js';
import { HeldSends } from './held-sends.service.js';
import { SlotService } from './slot.service.js';

/** What operators do with digests, editions and slots. */
@Module({
  imports: [
    ArticlesModule,
    DigestClockModule,
    DigestModelModule,
    DraftsModule,
    PublicationModule,
    RenderingModule,
    SelectionModule,
    SubscribersModule,
  ],
  providers: [
    ApprovalService,
    CalendarService,
    DigestViews,
    DigestService,
    EditionChecks,
    EditionViews,
    EditionService,
    HeldSends,
    SlotService,
  ],
  exports: [ApprovalService, CalendarService, DigestService, EditionService, HeldSends, SlotService],
})
export class DigestOperatorModule {}
