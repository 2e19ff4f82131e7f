import { join } from 'node:path';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { projectFolder } from '#kernel/project-folder.js';

const YEAR_MS = 365 * 86_400_000;

/** The bundle of the operator UI, made by scripts/build.mjs. It may come while the process runs. */
export const ADMIN_FOLDER = join(projectFolder(), 'dist', 'admin');

/** Serves what the operator UI loads. A name changes with its content; each lies beside its compressed forms. */
export async function serveAdminAssets(fastify: FastifyInstance, folder = ADMIN_FOLDER): Promise<void> {
  await fastify.register(statics, {
    root: join(folder, 'assets'),
    prefix: '/admin/assets/',
    index: false,
    dotfiles: 'ignore',
    maxAge: YEAR_MS,
    immutable: true,
    preCompressed: true,
    suppressWarning: true,
  });
}
