import { Body, Query } from '@nestjs/common';
import type { z } from 'zod';

export const INPUT_METADATA = Symbol('input schemas');

export interface InputSchemas {
  body?: z.ZodType;
  query?: z.ZodType;
}

function input(part: 'body' | 'query', schema: z.ZodType): ParameterDecorator {
  return (target, key, index) => {
    if (key === undefined) throw new Error('not for constructors');
    const known = (Reflect.getMetadata(INPUT_METADATA, target, key) ?? {}) as InputSchemas;
    Reflect.defineMetadata(INPUT_METADATA, { ...known, [part]: schema }, target, key);
    (part === 'body' ? Body() : Query())(target, key, index);
  };
}

/**
 * The request's body as it came. The schema documents it in OpenAPI; the service that gets it checks it against the
 * same schema, so that nothing unchecked comes in by any other door either.
 */
export const InputBody = (schema: z.ZodType) => input('body', schema);
/** The request's query, likewise. */
export const InputQuery = (schema: z.ZodType) => input('query', schema);
