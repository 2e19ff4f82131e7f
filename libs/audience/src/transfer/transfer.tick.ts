import { Injectable } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { FileStore } from './files/file-store.js';
import { ExportJobRepository } from './exports/export-job.repository.js';
import { ImportJobRepository } from './imports/import-job.repository.js';

/** Finds imports and exports again that no process works on, and removes files that are too old. */
@Injectable()
@OnTick({ order: 70 })
export class TransferTick implements TickTask {
  readonly name = 'transfer';

  constructor(
    private readonly imports: ImportJobRepository,
    private readonly exports: ExportJobRepository,
    private readonly files: FileStore,
    private readonly queue: JobQueue,
  ) {}

  async run(): Promise<void> {
    for (const importId of await this.imports.waiting()) {
      // Without a key: a job that died with its process would stand in the way.
      await this.queue.enqueue('import.run', { importId });
    }
    for (const exportId of await this.exports.waiting()) {
      await this.queue.enqueue('export.run', { exportId });
    }
    await this.files.removeExpired();
    await this.imports.forgetExpired();
  }
}
