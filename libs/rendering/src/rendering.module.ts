import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '#kernel/observing/metrics.js';
import { Renderer, type RendererOptions } from './sandbox/renderer.js';
import { renderingSandbox } from './sandbox/rendering-sandbox.js';

/** An edition of 100 articles compiles in a second; a machine may be busy, and an edition must not fail for that. */
const MAIL_LIMIT_MS = 60_000;
/** Somebody waits for it. */
const LOOK_LIMIT_MS = 15_000;

/** Renders what goes out. Never waits for what somebody only wants to look at. */
export class MailRenderer extends Renderer {}

/** Renders what is looked at or tried out: previews, plans, templates before they are stored, the archive. */
export class LookRenderer extends Renderer {}

/** The processes of both: one for what goes out, so that it keeps its order; two for those who look. */
@Injectable()
export class RenderingSandboxes implements OnApplicationShutdown {
  readonly mail;
  readonly look;

  constructor(metrics: Metrics) {
    const made = (sandbox: string, processes: number) =>
      renderingSandbox({
        processes,
        onEnded: (task, reason) => metrics.sandboxEnds.inc({ sandbox, task, reason }),
      });
    this.mail = made('mail', 1);
    this.look = made('look', 2);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.mail.close(), this.look.close()]);
  }
}

function optionsOf(metrics: Metrics, limitMs: number): RendererOptions {
  return { limitMs, onCompile: (template) => metrics.mjmlCompiles.inc({ template }) };
}

/** The two renderers, for all libs. Needs Metrics, which is global. */
@Global()
@Module({
  providers: [
    RenderingSandboxes,
    {
      provide: MailRenderer,
      inject: [RenderingSandboxes, Metrics],
      useFactory: ({ mail }: RenderingSandboxes, metrics: Metrics) =>
        new MailRenderer(mail, optionsOf(metrics, MAIL_LIMIT_MS)),
    },
    {
      provide: LookRenderer,
      inject: [RenderingSandboxes, Metrics],
      useFactory: ({ look }: RenderingSandboxes, metrics: Metrics) =>
        new LookRenderer(look, optionsOf(metrics, LOOK_LIMIT_MS)),
    },
  ],
  exports: [MailRenderer, LookRenderer],
})
export class RenderingModule {}
