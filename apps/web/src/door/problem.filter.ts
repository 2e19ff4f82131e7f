import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOutOfOrder } from '#database/errors.js';
import { DomainError, ERROR_STATUS, type ErrorCode } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { toProblem } from '#kernel/errors/problem.js';

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  malformed: 'The request cannot be read: check its JSON or form encoding.',
  not_found: 'There is nothing at this address.',
  too_large: 'The body is larger than this endpoint takes.',
  unsupported_media_type: 'This content type is not understood here; send application/json.',
};

/** The database is away or its disk is full: it is being mended, or the service is being restarted. */
const RETRY_AFTER_S = 30;
const OUT_OF_ORDER = 'This service can store nothing at the moment. Please try again in a few minutes.';

function codeOfStatus(status: number): ErrorCode {
  const found = (Object.entries(ERROR_STATUS) as [ErrorCode, number][]).find(([, known]) => known === status);
  return found?.[0] ?? (status >= 500 ? 'internal' : 'malformed');
}

/** Everything thrown by Fastify, Nest or us, as one kind of error. Fastify's own errors carry only a statusCode. */
export function toDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (isOutOfOrder(error)) {
    return new DomainError('unavailable', OUT_OF_ORDER, { cause: error, retryAfter: RETRY_AFTER_S });
  }
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  if (status === undefined || status >= 500) return undefined;
  const code = codeOfStatus(status);
  return new DomainError(code, MESSAGES[code] ?? (error as Error).message, { cause: error });
}

/** The one place where an error becomes an answer: RFC 9457 problem documents, or a page for a browser. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly errorPage?: (
      status: number,
      message: string,
      request: FastifyRequest,
    ) => Promise<string>,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = toDomainError(error);
    if (!known || isOutOfOrder(error))
      this.log.error('a request failed', error, { method: request.method, route: request.routeOptions.url });
    if (reply.sent) return;
    const problem = toProblem(known ?? error);
    if (known?.retryAfter !== undefined) void reply.header('Retry-After', String(known.retryAfter));
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    if (this.errorPage && wantsPage(request)) {
      const page = await this.errorPage(problem.status, problem.detail, request);
      await reply.status(problem.status).type('text/html; charset=utf-8').send(page);
      return;
    }
    await reply.status(problem.status).type('application/problem+json; charset=utf-8').send(problem);
  }
}

function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  if (path.startsWith('/api/') || request.headers['content-type']?.startsWith('application/json'))
    return false;
  return request.headers.accept?.includes('text/html') ?? false;
}
