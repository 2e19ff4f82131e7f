import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { AlertRepository } from './alerts/alert.repository.js';
import { AlertService } from './alerts/alert.service.js';
import { AlertTick } from './alerts/alert.tick.js';
import { ArchiveRepository } from './archive/archive.repository.js';
import { ArchiveService } from './archive/archive.service.js';
import { CorrectionRepository } from './corrections/correction.repository.js';
import { CorrectionService } from './corrections/correction.service.js';
import { DigestRepository } from './model/digest.repository.js';
import { DigestService } from './operator/digest.service.js';
import { DigestViews } from './operator/digest-views.js';
import { EditionChecks } from './operator/edition-checks.js';
import { EditionContentRepository } from './content/edition-content.repository.js';
import { EditionContentService } from './content/edition-content.service.js';
import { EditionPauses } from './clock/edition-pauses.js';
import { EditionPreviewService } from './preview/edition-preview.service.js';
import { EditionRepository } from './model/edition.repository.js';
import { EditionDeliveries } from './operator/edition-deliveries.service.js';
import { EditionTestService } from './preview/edition-test.service.js';
import { EditionService } from './operator/edition.service.js';
import { EditionViews } from './operator/edition-views.js';
import { TestMailRepository } from './preview/test-mail.repository.js';
import { ApprovalService } from './operator/approval.service.js';
import { CalendarService } from './operator/calendar.service.js';
import { NoticeContent } from './clock/notice-content.js';
import { SlotDecider } from './clock/slot-decider.js';
import { SlotEditions } from './clock/slot-editions.js';
import { SlotMaker } from './clock/slot-maker.js';
import { SlotNotices } from './clock/slot-notices.js';
import { SlotRefill } from './clock/slot-refill.js';
import { SlotRepository } from './model/slot.repository.js';
import { SlotService } from './operator/slot.service.js';
import { SlotWithdrawal } from './clock/slot-withdrawal.js';
import { SlotTick } from './clock/slot.tick.js';
import { ExplainRepository } from './explain/explain.repository.js';
import { ExplainService } from './explain/explain.service.js';
import { PlanRepository } from './explain/plan.repository.js';
import { PlanService } from './explain/plan.service.js';
import { CandidateRepository } from './selection/candidate.repository.js';
import { SelectionRepository } from './selection/selection.repository.js';
import { WaveRepository } from './model/wave.repository.js';
import { WaveService } from './selection/wave.service.js';
import { DeciderRepository, OperatorNotices } from './clock/operator-notices.js';
import { RecallRepository } from './recall/recall.repository.js';
import { SubscriberRepository } from './preview/subscriber.repository.js';
import { TemplateCheckService } from './preview/template-check.service.js';

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
