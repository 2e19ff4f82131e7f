import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#kernel/observing/metrics.js';
import { builtFile } from '#kernel/sandbox/built-file.js';
import { Sandbox } from '#kernel/sandbox/sandbox.js';
import type { ReadingTasks } from './reading-tasks.js';

/** Twenty megabytes of mail take 150. */
const MEMORY_MB = 256;

/** The process that reads returned mail. */
@Injectable()
export class ReturnSandbox implements OnApplicationShutdown {
  readonly sandbox: Sandbox<ReadingTasks>;

  constructor(metrics: Metrics) {
    this.sandbox = new Sandbox<ReadingTasks>(builtFile(import.meta.url, './reading-tasks.js'), {
      memoryMb: MEMORY_MB,
      onEnded: (task, reason) => metrics.sandboxEnds.inc({ sandbox: 'returns', task, reason }),
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.sandbox.close();
  }
}
