import { Module } from '@nestjs/common';
import { AlertsModule } from './alerts/alerts.module.js';
import { ArchiveModule } from './archive/archive.module.js';
import { DigestChecksModule } from './checks/checks.module.js';
import { DigestClockModule } from './clock/clock.module.js';
import { DigestContentModule } from './content/content.module.js';
import { CorrectionsModule } from './corrections/corrections.module.js';
import { DraftsModule } from './drafts/drafts.module.js';
import { ExplainModule } from './explain/explain.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { DigestModelModule } from './model/model.module.js';
import { DigestOperatorModule } from './operator/operator.module.js';
import { DigestPreviewModule } from './preview/preview.module.js';
import { RecallModule } from './recall/recall.module.js';
import { SelectionModule } from './selection/selection.module.js';

const rooms = [
  DigestChecksModule,
  DigestPreviewModule,
  LedgerModule,
  DigestOperatorModule,
  ExplainModule,
  ArchiveModule,
  DraftsModule,
  DigestClockModule,
  CorrectionsModule,
  AlertsModule,
  RecallModule,
  SelectionModule,
  DigestContentModule,
  DigestModelModule,
];

/** Digests and editions. Needs the global kernel, database and queue providers. */
@Module({ imports: rooms, exports: rooms })
export class DigestModule {}
