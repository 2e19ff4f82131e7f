import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { z } from 'zod';
import { ENDPOINT_METADATA, type EndpointDocs } from './endpoint.js';

/** What is checked of a request: the schemas that its handler's parameters name. */
export interface InputSchemas {
  body?: z.ZodType;
  query?: z.ZodType;
}

/** An endpoint of the operator API, as its controller says it. */
export interface KnownEndpoint {
  /** Upper case. */
  method: string;
  /** `/api/v1/articles/:id` */
  path: string;
  /** Of the handler. */
  name: string;
  docs: EndpointDocs;
  inputs: InputSchemas;
}

/** Every documented endpoint of these controllers. @param controllers their classes; instances are not needed */
export function* endpointsOf(controllers: Iterable<unknown>): Generator<KnownEndpoint> {
  for (const controller of controllers) {
    if (typeof controller !== 'function') continue;
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const prototype = controller.prototype as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
      if (typeof handler !== 'function') continue;
      const docs = Reflect.getMetadata(ENDPOINT_METADATA, handler) as EndpointDocs | undefined;
      if (!docs) continue;
      const suffix = Reflect.getMetadata(PATH_METADATA, handler) as string;
      const parts = [prefix, suffix].map((part) => part.replace(/^\/|\/$/g, '')).filter(Boolean);
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? 'GET';
      yield { method, path: `/${parts.join('/')}`, name, docs, inputs: inputsOf(controller, name) };
    }
  }
}

/** `@Body({ schema })` and `@Query({ schema })`, as Nest keeps them: by kind and place of the parameter, `3:0`. */
function inputsOf(controller: object, handler: string): InputSchemas {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Record<
    string,
    { schema?: z.ZodType }
  >;
  const of = (kind: RouteParamtypes) =>
    Object.entries(parameters).find(([key, { schema }]) => schema && key.startsWith(`${kind}:`))?.[1].schema;
  const [body, query] = [of(RouteParamtypes.BODY), of(RouteParamtypes.QUERY)];
  return { ...(body ? { body } : {}), ...(query ? { query } : {}) };
}
