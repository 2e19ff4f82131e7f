import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import statics from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { projectFolder } from '#kernel/project-folder.js';

const FOR_EVER = 'public, max-age=31536000, immutable';
const AN_HOUR = 'public, max-age=3600';

/** Style sheet, scripts and icon of the pages. */
export const ASSETS_FOLDER = join(projectFolder(), 'apps', 'web', 'public');

const hashes = new Map<string, string>();

/** First characters of the file's SHA-256, read once: changes with the content. */
function hashOf(name: string): string {
  const known = hashes.get(name);
  if (known !== undefined) return known;
  const body = readFileSync(join(ASSETS_FOLDER, name));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  hashes.set(name, hash);
  return hash;
}

/** The path of an asset with its hash, so that it may be cached for ever. */
export function assetPath(name: string): string {
  return `/assets/${name}?v=${hashOf(name)}`;
}

/** Serves them: for ever where the address names the content, else for an hour. */
export async function serveAssets(fastify: FastifyInstance): Promise<void> {
  await fastify.register(statics, {
    root: ASSETS_FOLDER,
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply: FastifyReply, path: string) => {
      const { v } = reply.request.query as { v?: unknown };
      void reply.header('Cache-Control', v === hashOf(relative(ASSETS_FOLDER, path)) ? FOR_EVER : AN_HOUR);
    },
  });
}
