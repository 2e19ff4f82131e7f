import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Asset {
  body: Buffer;
  type: string;
  /** First characters of its SHA-256: changes with the content. */
  hash: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The folder `apps/web/public`, found by walking up, so that it is the same from `apps/` and from `dist/apps/`. */
function publicFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'apps', 'web', 'public'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('There is no apps/web/public folder above the web app.');
    folder = parent;
  }
  return join(folder, 'apps', 'web', 'public');
}

/** Reads every file of a folder. */
export function readAssets(folder = publicFolder()): Map<string, Asset> {
  const files = readdirSync(folder).filter((file) => TYPES[extname(file)]);
  return new Map(
    files.map((file) => {
      const body = readFileSync(join(folder, file));
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
      return [file, { body, type: TYPES[extname(file)] ?? 'application/octet-stream', hash }];
    }),
  );
}

let known: Map<string, Asset> | undefined;

/** The files pages link to, read once. */
export function asset(name: string): Asset | undefined {
  known ??= readAssets();
  return known.get(name);
}

/** The path of an asset with its hash, so that it may be cached for ever. */
export function assetPath(name: string): string {
  return `/assets/${name}?v=${asset(name)?.hash ?? ''}`;
}
