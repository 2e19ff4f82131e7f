import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import multipart from '@fastify/multipart';
import { Config } from '#kernel/config.js';
import { DomainError } from '#kernel/errors.js';
import { Log } from '#kernel/logger.js';
import { Metrics } from '#kernel/metrics.js';
import { isNestedDeeper, MAX_NESTING } from '#kernel/nesting.js';
import { IMPORT_LIMIT_BYTES } from '../api/csv-upload.js';
import { ErrorPages } from '../pages/error-pages.js';
import { limitBodies } from './body-limits.js';
import { FrontDoor } from './front-door.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';

/** No JSON of ours has a hundredth of it; each takes time to read before anybody can say what it is. */
const MOST_MEMBERS = 50_000;

/** Makes the HTTP application of a root module: bodies, errors, headers, metrics. Does not listen yet. */
export async function createWebApp(
  root: Type | object,
  config: Config,
  log: Log,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustProxy as string,
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
  // Who it is, then how long the body says it is; it is read after both.
  app.get(FrontDoor).install(fastify);
  limitBodies(fastify);
  const parseJson = fastify.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor keys
  app.useBodyParser('application/json', {}, (request, body, done) => {
    // `POST …/send` has nothing to say; clients send the content type all the same.
    if (body.length === 0) done(null, undefined);
    else if (hasTooManyMembers(body))
      done(new DomainError('too_large', `The JSON has more than ${MOST_MEMBERS} members.`));
    else
      Promise.resolve(
        parseJson(request as never, body.toString('utf8'), (error, value) =>
          done(error ?? tooDeep(value), value),
        ),
      ).catch(done);
  });
  await fastify.register(multipart as never, {
    limits: { fileSize: IMPORT_LIMIT_BYTES, fields: 50, files: 1, fieldSize: 64 * 1024 },
  });
  // Streams to whoever reads it, who counts (csv-upload.ts).
  fastify.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
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
  const pages = app.get(ErrorPages);
  app.useGlobalFilters(
    new ProblemFilter(log, (status, message, request) => pages.render(status, message, request)),
  );
  return app;
}

/** Counts names before anything is made of them: `":`, also within a text, which has not so many. */
function hasTooManyMembers(json: Buffer): boolean {
  let members = 0;
  for (let at = json.indexOf('":'); at >= 0; at = json.indexOf('":', at + 2)) {
    if (++members > MOST_MEMBERS) return true;
  }
  return false;
}

/** Schemas, hashes and the database read JSON recursively; what is nested without end would exhaust the stack. */
function tooDeep(body: unknown): DomainError | null {
  return isNestedDeeper(body)
    ? new DomainError('malformed', `The JSON is nested deeper than ${MAX_NESTING} levels.`)
    : null;
}
