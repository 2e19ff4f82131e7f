import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#kernel/observing/metrics.js';
import { builtFile } from '#kernel/sandbox/built-file.js';
import { Sandbox } from '#kernel/sandbox/sandbox.js';
import { ContentReader } from './content-reader.js';
import type { ContentTasks } from './content-tasks.js';

/** Ten megabytes of feed take 150. */
const MEMORY_MB = 256;

/** Reads what came in by feeds. */
export class FeedContent extends ContentReader {}

/** Reads what an operator waits for: articles given, and pages. Never waits for a feed. */
export class GivenContent extends ContentReader {}

/** The processes of both. */
@Injectable()
export class ContentSandboxes implements OnApplicationShutdown {
  readonly feeds: Sandbox<ContentTasks>;
  readonly given: Sandbox<ContentTasks>;

  constructor(metrics: Metrics) {
    const script = builtFile(import.meta.url, './content-tasks.js');
    const made = (sandbox: string) =>
      new Sandbox<ContentTasks>(script, {
        memoryMb: MEMORY_MB,
        onEnded: (task, reason) => metrics.sandboxEnds.inc({ sandbox, task, reason }),
      });
    this.feeds = made('feeds');
    this.given = made('given');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.feeds.close(), this.given.close()]);
  }
}
