import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lazily } from '#kernel/lazily.js';
import { projectFolder } from '#kernel/project-folder.js';
import { readTemplates } from './template-files.js';

const FILES = ['package.json', 'mjml/package.json', 'liquidjs/package.json'];

/**
 * Tells whether two processes make the same mail of the same article: a digest of the built-in templates, of their texts in
 * each language, and of the versions of what compiles them.
 */
export const buildId = lazily((): string => {
  const hash = createHash('sha256');
  for (const version of FILES.map(versionIn)) hash.update(`${version}\n`);
  for (const folder of ['emails', 'locales'] as const) {
    for (const [name, text] of Object.entries(readTemplates(folder)).sort()) {
      hash.update(`${folder}/${name} ${text.length}\n${text}`);
    }
  }
  return hash.digest('base64url');
});

function versionIn(name: string): string {
  const path = name.includes('/')
    ? createRequire(import.meta.url).resolve(name)
    : join(projectFolder(), name);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
