import { Module } from '@nestjs/common';
import { ChoicesModule } from '../choices/choices.module.js';
import { FindingModule } from '../finding/finding.module.js';
import { AudienceOperatorModule } from '../operator/operator.module.js';
import { AudienceReaderModule } from '../reader/reader.module.js';
import { PublicationModule } from '../publication/publication.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { ExportJobRepository } from './exports/export-job.repository.js';
import { ExportRunner } from './exports/export-runner.js';
import { ExportsService } from './exports/exports.service.js';
import { RunExportProcessor } from './exports/run-export.processor.js';
import { FileRepository } from './files/file.repository.js';
import { FileStore } from './files/file-store.js';
import { ErrorFile } from './imports/error-file.js';
import { Forecast } from './imports/forecast.js';
import { GoneBatch } from './imports/gone-batch.js';
import { ImportJobRepository } from './imports/import-job.repository.js';
import { ImportRunner } from './imports/import-runner.js';
import { ImportWriter } from './imports/import-writer.js';
import { ImportsService } from './imports/imports.service.js';
import { RunImportProcessor } from './imports/run-import.processor.js';
import { TransferTick } from './transfer.tick.js';

/** Readers by the file: in, by imports that survive their process, and out. */
@Module({
  imports: [
    AudienceOperatorModule,
    AudienceReaderModule,
    ChoicesModule,
    FindingModule,
    PublicationModule,
    SubscribersModule,
    SuppressionModule,
  ],
  providers: [
    ErrorFile,
    ExportJobRepository,
    ExportRunner,
    ExportsService,
    FileRepository,
    FileStore,
    Forecast,
    GoneBatch,
    ImportJobRepository,
    ImportRunner,
    ImportWriter,
    ImportsService,
    RunExportProcessor,
    RunImportProcessor,
    TransferTick,
  ],
  exports: [ExportRunner, ExportsService, ImportRunner, ImportsService, TransferTick],
})
export class TransferModule {}
