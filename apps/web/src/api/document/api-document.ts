import type { KnownEndpoint } from '../../http/endpoints.js';
import { NamedSchemas, type Json } from './named-schemas.js';
import { operation } from './operation.js';
import { problemAnswers } from './problem-answers.js';

/** Of the API: it changes with what callers can see. */
const VERSION = '0.1.0';

export interface ApiDocument {
  openapi: '3.1.0';
  info: Json;
  servers: Json[];
  security: Json[];
  components: { securitySchemes: Json; responses: Record<string, Json>; schemas: Record<string, Json> };
  /** By path, `/api/v1/articles/{id}`, then by method in lower case. */
  paths: Record<string, Record<string, Json>>;
}

/**
 * Makes the OpenAPI 3.1 document from what the controllers say and the very schemas that check their input and shape their
 * answers. Reads no more than that, so it can be made without a server.
 */
export function apiDocument(
  endpoints: Iterable<KnownEndpoint>,
  { baseUrl }: { baseUrl: string },
): ApiDocument {
  const schemas = new NamedSchemas();
  const responses = problemAnswers(schemas);
  const paths: ApiDocument['paths'] = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Broadsheet operator API',
      version: VERSION,
      description:
        'Errors are RFC 9457 problems. Lists take `limit` and `cursor`. POSTs take `Idempotency-Key`. Times are RFC 3339 in UTC, ids are opaque.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      responses,
      schemas: schemas.all(),
    },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b))),
  };
}
