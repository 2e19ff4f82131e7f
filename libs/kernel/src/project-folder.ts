import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The project's folder, found by walking up, so that it is the same from `libs/` and from `dist/libs/`.
 * @throws Error when no folder above this file has a package.json
 */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('There is no package.json above libs/kernel.');
    folder = parent;
  }
  return folder;
}
