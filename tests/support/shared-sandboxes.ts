import { stopAfterTests } from './leftovers.js';
import { Metrics } from '#kernel/metrics.js';
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
