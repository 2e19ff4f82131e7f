import { stopAfterTests } from './leftovers.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { ContentSandboxes } from '#content/reading/content-sandboxes.js';
import { RenderingSandboxes } from '#rendering/rendering.module.js';

/** Stays when a module is closed. */
class SharedSandboxes extends RenderingSandboxes {
  override onApplicationShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * The rendering processes of a whole test file, to be given to the modules it opens: each process takes half a second to
 * load MJML.
 */
export const sharedSandboxes = new SharedSandboxes(new Metrics());

stopAfterTests(() => Promise.all([sharedSandboxes.mail.close(), sharedSandboxes.look.close()]));

class SharedContentSandboxes extends ContentSandboxes {
  override onApplicationShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** The same for what reads stories and feeds. */
export const sharedContentSandboxes = new SharedContentSandboxes(new Metrics());

stopAfterTests(() =>
  Promise.all([sharedContentSandboxes.feeds.close(), sharedContentSandboxes.given.close()]),
);
