import { build } from './build.mjs';
import { main } from './project.mjs';

/** `npm run demo -- FILE_OR_URL`: builds if needed, then plays the main job on that article. */
await main(() => build());
await import('../dist/apps/cli/src/demo/main.js');
