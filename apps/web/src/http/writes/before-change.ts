import { Injectable, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ModuleRef } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { WithCaller } from '../auth.guard.js';
import { ENDPOINT_METADATA, type EndpointDocs } from '../endpoint.js';

type Handler = (...args: unknown[]) => unknown;

/** Changes of what is there; a POST makes something or does something. */
const CHANGES = new Set(['PATCH', 'PUT', 'DELETE']);

/**
 * Reads what a request is about to change, for the audit: the answer to a GET of the same path, by the same controller. So it shows
 * what the API shows, and no secret.
 */
@Injectable()
export class BeforeChange {
  constructor(private readonly modules: ModuleRef) {}

  /** @returns undefined when nothing can be read there */
  async read(context: ExecutionContext): Promise<unknown> {
    const request = context.switchToHttp().getRequest<WithCaller>();
    if (!CHANGES.has(request.method)) return undefined;
    const controller = context.getClass();
    const reader = readerOf(controller.prototype as Record<string, unknown>, context.getHandler());
    if (!reader) return undefined;
    const instance = this.modules.get<Record<string, Handler>>(controller, { strict: false });
    try {
      const args = argumentsOf(controller, reader.name, request);
      const found: unknown = await instance[reader.name]?.(...args);
      const sent: unknown = JSON.parse(JSON.stringify(found ?? null));
      const shaped = reader.docs.returns?.safeParse(sent);
      return shaped?.success ? shaped.data : undefined;
    } catch {
      return undefined; // it is not there: the change itself says so
    }
  }
}

/** The GET of the path that a handler is at. */
function readerOf(prototype: Record<string, unknown>, handler: object) {
  const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const its = Object.getOwnPropertyDescriptor(prototype, name)?.value as object | undefined;
    if (typeof its !== 'function' || Reflect.getMetadata(PATH_METADATA, its) !== path) continue;
    if (Reflect.getMetadata(METHOD_METADATA, its) !== RequestMethod.GET) continue;
    const docs = Reflect.getMetadata(ENDPOINT_METADATA, its) as EndpointDocs | undefined;
    if (docs?.returns) return { name, docs };
  }
  return undefined;
}

/** `@Param('id')` and `@Caller()`, as Nest keeps them: by kind and place. */
function argumentsOf(controller: object, name: string, request: FastifyRequest): unknown[] {
  const known = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const args: unknown[] = [];
  for (const [key, { index, data }] of Object.entries(known)) {
    const isParam = key.startsWith(`${RouteParamtypes.PARAM}:`);
    args[index] = isParam
      ? (request.params as Record<string, unknown>)[data as string]
      : (request as WithCaller).caller;
  }
  return args;
}
