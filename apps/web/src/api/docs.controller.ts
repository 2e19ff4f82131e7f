import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { notFound } from '#kernel/errors/errors.js';
import { OpenApi } from './open-api.js';

const ASSETS = new Map([
  ['swagger-ui.css', 'text/css'],
  ['swagger-ui-bundle.js', 'text/javascript'],
]);
const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const DAY_S = 86_400;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Broadsheet API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>`;
const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`;

/** The API's document, and a page to read it and try it. */
@Controller('api')
export class DocsController {
  constructor(private readonly openApi: OpenApi) {}

  @Get('openapi.json')
  document() {
    return this.openApi.get();
  }

  @Get('docs')
  async page(@Res() reply: FastifyReply) {
    await reply.type('text/html; charset=utf-8').send(PAGE);
  }

  @Get('docs/:asset')
  async asset(@Param('asset') asset: string, @Res() reply: FastifyReply) {
    if (asset === 'start.js') {
      await reply.type('text/javascript').send(START);
      return;
    }
    const type = ASSETS.get(asset);
    if (!type) throw notFound('file');
    await reply
      .type(type)
      .header('Cache-Control', `public, max-age=${DAY_S}`)
      .send(readFileSync(join(folder, asset)));
  }
}
