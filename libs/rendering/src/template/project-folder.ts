import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type TemplateFolder = 'emails' | 'pages' | 'locales';

/**
 * The project's `templates/` folder, found by walking up, so that it is the same from `libs/` and from `dist/libs/`.
 * @throws Error when there is none above this file
 */
function templatesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'templates', 'emails'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('There is no templates/emails folder above libs/rendering.');
    folder = parent;
  }
  return join(folder, 'templates');
}

/** Reads every file of a folder of `templates/`, which is flat. @returns file name → text */
export function readTemplates(folder: TemplateFolder): Record<string, string> {
  const path = join(templatesFolder(), folder);
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((file) => [file.name, readFileSync(join(path, file.name), 'utf8')]));
}
