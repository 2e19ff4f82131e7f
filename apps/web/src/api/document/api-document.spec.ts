import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { endpointsOf } from '../../http/endpoints.js';
import { ApiModule } from '../api.module.js';
import { apiDocument } from './api-document.js';

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, ApiModule) as unknown[];
const document = apiDocument(endpointsOf(controllers), { baseUrl: 'https://news.example' });

/** Every object in the document. */
function* objects(value: unknown): Generator<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const item of Object.values(value)) yield* objects(item);
}

describe('the OpenAPI document', () => {
  it('refers to nothing that it does not hold', () => {
    const refs = [...objects(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    const held = (ref: string) =>
      ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
    expect(refs.length).toBeGreaterThan(100);
    expect([...new Set(refs)].filter((ref) => held(ref) === undefined)).toEqual([]);
  });

  it('names every body, sent or answered', () => {
    const bodies = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody, responses }]) =>
        [...objects([requestBody, responses])].flatMap(({ 'application/json': json }) =>
          json ? [[`${method} ${path}`, (json as { schema: { $ref?: string } }).schema.$ref]] : [],
        ),
      ),
    );
    expect(bodies.length).toBeGreaterThan(60);
    expect(bodies.filter(([, ref]) => ref === undefined)).toEqual([]);
  });

  it('has an operation for every id, once', () => {
    const ids = Object.values(document.paths).flatMap((its) =>
      Object.values(its).map((one) => one['operationId']),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
