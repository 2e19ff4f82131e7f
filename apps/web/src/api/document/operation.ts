import type { z } from 'zod';
import type { EndpointDocs } from '../../http/endpoint.js';
import type { KnownEndpoint } from '../../http/endpoints.js';
import type { Json, NamedSchemas } from './named-schemas.js';
import { problemAnswer } from './problem-answers.js';

/** One endpoint as OpenAPI's operation. */
export function operation({ path, method, name, docs, inputs }: KnownEndpoint, schemas: NamedSchemas): Json {
  const resource = path.split('/')[3] ?? '';
  const takesBody = inputs.body !== undefined || docs.consumes !== undefined;
  return {
    operationId: `${resource}_${name}`,
    tags: [resource],
    summary: docs.summary,
    parameters: [
      ...pathParameters(path),
      ...(method === 'POST' ? [IDEMPOTENCY_KEY] : []),
      ...(inputs.query ? queryParameters(inputs.query, schemas) : []),
    ],
    ...(takesBody ? { requestBody: requestBody(inputs.body, docs.consumes, schemas) } : {}),
    responses: { ...successes(docs, schemas), ...problems(path, docs) },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 255 },
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(schema: z.ZodType, schemas: NamedSchemas): Json[] {
  const { properties = {}, required = [] } = schemas.write(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    schema: rest,
  }));
}

/** A body that may be left out is one whose schema takes nothing. */
function requestBody(
  schema: z.ZodType | undefined,
  mediaType = 'application/json',
  schemas: NamedSchemas,
): Json {
  return {
    required: !schema?.safeParse(undefined).success,
    content: { [mediaType]: schema ? { schema: schemas.write(schema, 'input') } : {} },
  };
}

function successes(docs: EndpointDocs, schemas: NamedSchemas): Json {
  const success: Json = { description: docs.summary };
  if (docs.returns)
    success['content'] = { 'application/json': { schema: schemas.write(docs.returns, 'output') } };
  else if (docs.produces) success['content'] = { [docs.produces]: {} };
  return { [docs.status ?? 200]: success, ...(docs.otherStatus ? { [docs.otherStatus]: success } : {}) };
}

function problems(path: string, docs: EndpointDocs): Json {
  const statuses = new Set([401, 422, ...(path.includes(':') ? [404] : []), ...(docs.problems ?? [])]);
  return Object.fromEntries([...statuses].sort().map((status) => [status, problemAnswer(status)]));
}
