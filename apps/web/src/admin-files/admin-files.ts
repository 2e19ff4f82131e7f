import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface AdminFile {
  body: Buffer;
  gzipped: Buffer;
  type: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** One path segment as the bundler names files: no separator, no leading dot. */
const NAME = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;

const compress = promisify(gzip);

/** The bundle of the operator UI: `dist/admin`, made by scripts/build.mjs. */
export class AdminFiles {
  private readonly assets = new Map<string, AdminFile>();

  /** @param folder of the bundle; absent: found by walking up */
  constructor(private readonly folder?: string) {}

  /** The page, or undefined when there is no bundle. Read each time, so that a new build shows at once. */
  page(): Promise<Buffer | undefined> {
    return this.read('index.html');
  }

  /** A file of its `assets`, or undefined. A name changes with the content, so each is read once. */
  async asset(name: string): Promise<AdminFile | undefined> {
    const type = NAME.test(name) ? TYPES[extname(name)] : undefined;
    if (!type) return undefined;
    const known = this.assets.get(name);
    if (known) return known;
    const body = await this.read(join('assets', name));
    if (!body) return undefined;
    const file = { body, gzipped: await compress(body), type };
    this.assets.set(name, file);
    return file;
  }

  private async read(path: string): Promise<Buffer | undefined> {
    const folder = this.folder ?? bundleFolder();
    if (folder === undefined) return undefined;
    try {
      return await readFile(join(folder, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** `dist/admin`, found by walking up, so that it is the same from `apps/` and from `dist/apps/`. */
function bundleFolder(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const bundle = join(folder, 'dist', 'admin');
    if (existsSync(bundle)) return bundle;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
