import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { AlertRepository } from './alerts/alert.repository.js';
import { AlertService } from './alerts/alert.service.js';
import { AlertTick } from './alerts/alert.tick.js';
import { ArchiveRepository } from './archive.repository.js';
import { ArchiveService } from './archive.service.js';
import { CorrectionRepository } from './corrections/correction.repository.js';
import { CorrectionService } from './corrections/correction.service.js';
import { DigestRepository } from './digest.repository.js';
import { DigestService } from './digest.service.js';
import { DigestViews } from './digest-views.js';
import { EditionChecks } from './edition-checks.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionContentService } from './edition-content.service.js';
import { EditionPauses } from './edition-pauses.js';
import { EditionPreviewService } from './edition-preview.service.js';
import { EditionRepository } from './edition.repository.js';
import { EditionDeliveries } from './edition-deliveries.service.js';
import { EditionTestService } from './edition-test.service.js';
import { EditionService } from './edition.service.js';
import { EditionViews } from './edition-views.js';
import { TestMailRepository } from './test-mail.repository.js';
import { ApprovalService } from './slots/approval.service.js';
import { CalendarService } from './slots/calendar.service.js';
import { NoticeContent } from './slots/notice-content.js';
import { SlotDecider } from './slots/slot-decider.js';
import { SlotEditions } from './slots/slot-editions.js';
import { SlotMaker } from './slots/slot-maker.js';
import { SlotNotices } from './slots/slot-notices.js';
import { SlotRefill } from './slots/slot-refill.js';
import { SlotRepository } from './slots/slot.repository.js';
import { SlotService } from './slots/slot.service.js';
import { SlotWithdrawal } from './slots/slot-withdrawal.js';
import { SlotTick } from './slots/slot.tick.js';
import { ExplainRepository } from './explain/explain.repository.js';
import { ExplainService } from './explain/explain.service.js';
import { PlanRepository } from './explain/plan.repository.js';
import { PlanService } from './explain/plan.service.js';
import { CandidateRepository } from './selection/candidate.repository.js';
import { SelectionRepository } from './selection/selection.repository.js';
import { WaveRepository } from './selection/wave.repository.js';
import { WaveService } from './selection/wave.service.js';
import { DeciderRepository, OperatorNotices } from './operator-notices.js';
import { RecallRepository } from './recall/recall.repository.js';
import { SubscriberRepository } from './subscriber.repository.js';
import { TemplateCheckService } from './template-check.service.js';

const services = [
  AlertService,
  ArchiveService,
  CorrectionService,
  DigestService,
  EditionService,
  EditionContentService,
  EditionPreviewService,
  EditionTestService,
  TestMailRepository,
  EditionDeliveries,
  EditionPauses,
  SlotService,
  ApprovalService,
  CalendarService,
  NoticeContent,
  OperatorNotices,
  WaveService,
  ExplainService,
  PlanService,
  TemplateCheckService,
];

/** Digests and editions. Needs the global kernel, database and queue providers. */
@Module({
  imports: [AudienceModule, ContentModule, RenderingModule],
  providers: [
    ...services,
    AlertRepository,
    AlertTick,
    ArchiveRepository,
    CorrectionRepository,
    DeciderRepository,
    DigestRepository,
    EditionRepository,
    DigestViews,
    EditionChecks,
    EditionViews,
    EditionContentRepository,
    CandidateRepository,
    ExplainRepository,
    PlanRepository,
    SelectionRepository,
    WaveRepository,
    RecallRepository,
    SubscriberRepository,
    SlotDecider,
    SlotEditions,
    SlotMaker,
    SlotNotices,
    SlotRefill,
    SlotRepository,
    SlotTick,
    SlotWithdrawal,
  ],
  exports: [...services, RecallRepository],
})
export class DigestModule {}
