import { parse } from 'node:querystring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';
import { jsonShape } from '#kernel/input/json-shape.js';
import { MAILS_ROUTE } from './body-limits.js';
import { MAX_NESTING } from '#kernel/input/nesting.js';

/** Twenty times what the longest list of ours comes to. Each takes time to read before anybody can say what it is. */
const MOST_MEMBERS = 10_000;
const JSON_SHAPE = { members: MOST_MEMBERS, depth: MAX_NESTING };
/** The longest form has a box for each topic and each digest. */
const MOST_FIELDS = 2_000;

const AMPERSAND = '&'.charCodeAt(0);

/** Makes the bodies of requests into values, if they are small: parsing holds up every other request. */
export function parseBodies(app: NestFastifyApplication, fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor keys
  app.useBodyParser('application/json', {}, (request, body, done) => {
    const error = unbearable(body);
    // `POST …/send` has nothing to say; clients send the content type all the same.
    if (error || body.length === 0) done(error, undefined);
    else Promise.resolve(parseJson(request as never, body.toString('utf8'), done)).catch(done);
  });
  app.useBodyParser('application/x-www-form-urlencoded', {}, (_request, body, done) => {
    try {
      done(null, formOf(body));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  // Read in a process of its own.
  app.useBodyParser('message/rfc822', {}, (request, body, done) => {
    if (request.routeOptions.url === MAILS_ROUTE) done(null, body);
    else done(new DomainError('unsupported_media_type', 'No mail is taken here.'), undefined);
  });
  // Streams to the handler, which counts the bytes itself (csv-upload.ts).
  fastify.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
}

/** Schemas, hashes and the database read JSON recursively; what is nested without end would exhaust the stack. */
function unbearable(json: Buffer): DomainError | null {
  const { members, depth } = jsonShape(json, JSON_SHAPE);
  if (depth > MAX_NESTING) {
    return new DomainError('malformed', `The JSON is nested deeper than ${MAX_NESTING} levels.`);
  }
  return members > MOST_MEMBERS
    ? new DomainError('too_large', `The JSON has more than ${MOST_MEMBERS} names and values.`)
    : null;
}

/** A name that is there more than once has a list. @throws DomainError when there are too many, or one is `__proto__` */
function formOf(body: Buffer): object {
  let fields = 1;
  for (let at = body.indexOf(AMPERSAND); at >= 0; at = body.indexOf(AMPERSAND, at + 1)) {
    if (++fields > MOST_FIELDS) {
      throw new DomainError('too_large', `The form has more than ${MOST_FIELDS} fields.`);
    }
  }
  const form = parse(body.toString('utf8'), '&', '=', { maxKeys: 0 });
  // It has no prototype; copied onto an object that has one, this name would replace it.
  if (Object.hasOwn(form, '__proto__')) {
    throw new DomainError('malformed', 'No field of a form is named __proto__.');
  }
  return form;
}
