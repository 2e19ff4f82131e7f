import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#kernel/project-folder.js';

export type TemplateFolder = 'emails' | 'pages' | 'locales';

/** Reads every file of a folder of the project's `templates/`, which is flat. @returns file name → text */
export function readTemplates(folder: TemplateFolder): Record<string, string> {
  const path = join(projectFolder(), 'templates', folder);
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((file) => [file.name, readFileSync(join(path, file.name), 'utf8')]));
}
