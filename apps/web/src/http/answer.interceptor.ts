import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Log } from '#kernel/observing/logger.js';
import { ENDPOINT_METADATA, type EndpointDocs } from './endpoint.js';

/**
 * Answers what is documented and nothing else: of a row, the columns that its schema names. The schema is the one of the OpenAPI
 * document, so the shape of an answer is written once.
 */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly log: Log) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const docs = Reflect.getMetadata(ENDPOINT_METADATA, context.getHandler()) as EndpointDocs | undefined;
    const schema = docs?.returns;
    if (!schema) return next.handle();
    return next.handle().pipe(
      map((body) => {
        const shaped = this.shaped(schema, body);
        if (docs.tag) setTag(context, (shaped as Record<string, unknown>)[docs.tag]);
        return shaped;
      }),
    );
  }

  /** An answer that does not fit is a fault of ours, and still better than none. */
  private shaped(schema: z.ZodType, body: unknown): unknown {
    const sent: unknown = JSON.parse(JSON.stringify(body)); // as it will be: instants as text
    const { success, data, error } = schema.safeParse(sent);
    if (success) return data;
    const fields = error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
    this.log.error('an answer is not as it is documented', undefined, { fields });
    return sent;
  }
}

function setTag(context: ExecutionContext, version: unknown): void {
  context
    .switchToHttp()
    .getResponse<FastifyReply>()
    .header('ETag', `"${String(version)}"`);
}
