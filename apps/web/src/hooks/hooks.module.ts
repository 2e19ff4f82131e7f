import { Module } from '@nestjs/common';
import { FeedbackModule } from '#feedback/feedback.module.js';
import { HookRoutes } from './hook.routes.js';
import { RefusedHooks } from './refused-hooks.js';

/** What providers call. */
@Module({ imports: [FeedbackModule], providers: [HookRoutes, RefusedHooks] })
export class HooksModule {}
