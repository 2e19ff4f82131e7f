import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { QueueBoard } from '../board/queue-board.js';
import { IMPORT_LIMIT_BYTES } from '../http/csv/csv-upload.js';
import { InputPipe } from '../http/input-pipe.js';
import { serveAdminAssets } from '../admin-files/admin-files.js';
import { serveAssets } from '../reader/page/assets.js';
import { ErrorPages } from '../reader/page/error-pages.js';
import { limitBodies } from './body-limits.js';
import { parseBodies } from './body-parsers.js';
import { compressAnswers } from './compression.js';
import { letBodiesEnd } from './early-answers.js';
import { FrontDoor } from './front-door.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';
import { trustedProxies } from './trusted-proxies.js';

/** Makes the HTTP application of a root module: bodies, errors, headers, metrics. Does not listen yet. */
export async function createWebApp(
  root: Type | object,
  config: Config,
  log: Log,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies(config.trustProxy) as string,
    logger: false,
    requestTimeout: 120_000,
    // Link tokens and page URLs fit; anything longer is no request of ours.
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
  });
  const app = await NestFactory.create<NestFastifyApplication>(root as Type, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
    bufferLogs: false,
  });
  const fastify = adapter.getInstance();
  await fastify.register(cookie as never); // read before anybody asks who it is
  // Who it is, then how long the body says it is; it is read after both.
  app.get(FrontDoor).install(fastify);
  limitBodies(fastify);
  letBodiesEnd(fastify);
  parseBodies(app, fastify);
  await fastify.register(multipart as never, {
    limits: { fileSize: IMPORT_LIMIT_BYTES, fields: 50, files: 1, fieldSize: 64 * 1024 },
  });
  await compressAnswers(fastify);
  securityHeaders(fastify, config);
  const metrics = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    };
    metrics.httpSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
  await app.get(QueueBoard).install(fastify);
  await serveAdminAssets(fastify);
  await serveAssets(fastify);
  app.useGlobalPipes(new InputPipe());
  const pages = app.get(ErrorPages);
  app.useGlobalFilters(
    new ProblemFilter(log, (status, message, request) => pages.render(status, message, request)),
  );
  return app;
}
