import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { z } from 'zod';
import type { EndpointDocs } from '../http/endpoint.js';
import { endpointsOf } from '../http/endpoints.js';
import type { InputSchemas } from '../http/input.js';

type Json = Record<string, unknown>;

const PROBLEMS: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'No valid API key',
  403: "The key's role does not allow it",
  404: 'There is no such thing',
  409: 'The state does not allow it; `state` names it',
  413: 'The body is too large',
  422: 'Some fields need mending; `errors` names them',
  429: 'Too many requests; `Retry-After` says when to try again',
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'message'],
        properties: { field: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(made, { type: 'string', format: 'date-time' });
    },
  }) as Json;
  return json;
}

/** Makes the OpenAPI 3.1 document from the controllers and the very schemas that validate their input. */
@Injectable()
export class OpenApi {
  private document: Json | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** @param version of the product */
  get(baseUrl: string, version: string): Json {
    this.document ??= this.build(baseUrl, version);
    return this.document;
  }

  private build(baseUrl: string, version: string): Json {
    const paths: Record<string, Json> = {};
    for (const { method, path, name, docs, inputs } of endpointsOf(this.discovery)) {
      const documented = path.replace(/:(\w+)/g, '{$1}');
      const lower = method.toLowerCase();
      paths[documented] = { ...paths[documented], [lower]: operation(path, lower, name, docs, inputs) };
    }
    return {
      openapi: '3.1.0',
      info: {
        title: 'Broadsheet operator API',
        version,
        description:
          'Errors are RFC 9457 problems. Lists take `limit` and `cursor`. POSTs take `Idempotency-Key`. Times are RFC 3339 in UTC, ids are opaque.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: baseUrl }],
      security: [{ bearer: [] }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
        schemas: { Problem: problemSchema },
      },
      paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
    };
  }
}

function operation(
  path: string,
  method: string,
  name: string,
  docs: EndpointDocs,
  inputs: InputSchemas,
): Json {
  const parameters = [...path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })) as Json[];
  if (method === 'post') {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', maxLength: 255 },
    });
  }
  if (inputs.query) {
    const query = jsonSchema(inputs.query, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    for (const [key, schema] of Object.entries(query.properties ?? {})) {
      const { description, ...rest } = schema;
      parameters.push({
        name: key,
        in: 'query',
        required: query.required?.includes(key) ?? false,
        description,
        schema: rest,
      });
    }
  }
  const problems = [
    ...new Set([401, 422, ...(path.includes(':') ? [404] : []), ...(docs.problems ?? [])]),
  ].sort();
  const success: Json = { description: docs.summary };
  if (docs.returns)
    success['content'] = { 'application/json': { schema: jsonSchema(docs.returns, 'output') } };
  else if (docs.produces) success['content'] = { [docs.produces]: {} };
  return {
    operationId: `${path.split('/')[3] ?? ''}_${name}`,
    tags: [path.split('/')[3] ?? ''],
    summary: docs.summary,
    parameters,
    ...(inputs.body || docs.consumes
      ? {
          requestBody: {
            required: true,
            content: {
              [docs.consumes ?? 'application/json']: inputs.body
                ? { schema: jsonSchema(inputs.body, 'input') }
                : {},
            },
          },
        }
      : {}),
    responses: {
      [docs.status ?? 200]: success,
      ...(docs.otherStatus ? { [docs.otherStatus]: success } : {}),
      ...Object.fromEntries(
        problems.map((status) => [
          status,
          {
            description: PROBLEMS[status] ?? 'Problem',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}
