import { MODULE_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { endpointsOf } from '../../http/endpoints.js';
import { ApiModule } from '../api.module.js';
import { apiDocument } from './api-document.js';

const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, ApiModule) as unknown[];
const document = apiDocument(endpointsOf(controllers), { baseUrl: 'https://news.example' });

/** Kinds of parameters that are input. */
const TAKEN = [RouteParamtypes.BODY, RouteParamtypes.QUERY];

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

  it('is complete: no handler takes a body or a query without saying which', () => {
    const unchecked = controllers.flatMap((controller) => {
      const { name, prototype } = controller as { name: string; prototype: object };
      return Object.getOwnPropertyNames(prototype).flatMap((handler) => {
        const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller as object, handler) ??
          {}) as Record<string, { schema?: unknown }>;
        return Object.entries(parameters)
          .filter(([key]) => TAKEN.some((kind) => key.startsWith(`${kind}:`)))
          .filter(([, { schema }]) => schema === undefined)
          .map(() => `${name}.${handler}`);
      });
    });
    expect(unchecked).toEqual([]);
  });

  it('has an operation for every id, once', () => {
    const ids = Object.values(document.paths).flatMap((its) =>
      Object.values(its).map((one) => one['operationId']),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
