import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#kernel/metrics.js';
import { Renderer, type RendererOptions } from './renderer.js';
import { renderingSandbox } from './rendering-sandbox.js';

/** An edition of 100 articles compiles in a second; a machine may be busy, and an edition must not fail for that. */
const MAIL_LIMIT_MS = 60_000;
/** Somebody waits for it. */
const LOOK_LIMIT_MS = 15_000;

/** Renders what goes out. Never waits for what somebody only wants to look at. */
export class MailRenderer extends Renderer {}

/** Renders what is looked at or tried out: previews, plans, templates before they are stored, the archive. */
export class LookRenderer extends Renderer {}

@Injectable()
class RendererEnd implements OnApplicationShutdown {
  constructor(
    private readonly mail: MailRenderer,
    private readonly look: LookRenderer,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.mail.close(), this.look.close()]);
  }
}

type Made<R> = new (sandbox: ReturnType<typeof renderingSandbox>, options: RendererOptions) => R;

function rendererOf<R>(made: Made<R>, name: string, processes: number, limitMs: number) {
  return {
    provide: made,
    inject: [Metrics],
    useFactory: (metrics: Metrics) =>
      new made(
        renderingSandbox({
          processes,
          onEnded: (task, reason) => metrics.sandboxEnds.inc({ sandbox: name, task, reason }),
        }),
        { limitMs, onCompile: (template) => metrics.mjmlCompiles.inc({ template }) },
      ),
  };
}

/** The two renderers, for all libs. Needs Metrics, which is global. */
@Global()
@Module({
  providers: [
    rendererOf(MailRenderer, 'mail', 1, MAIL_LIMIT_MS),
    rendererOf(LookRenderer, 'look', 2, LOOK_LIMIT_MS),
    RendererEnd,
  ],
  exports: [MailRenderer, LookRenderer],
})
export class RenderingModule {}
