import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { invalidField } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { AuditLog } from '#operators/audit/audit.js';
import { IdempotencyService } from '#operators/audit/idempotency.service.js';
import { callerOf } from './auth.guard.js';
import { ENDPOINT_METADATA, type EndpointDocs } from './endpoint.js';

/** Answers a repeated POST with the first answer, and notes every change, and what else is to be noted, in the audit log. */
@Injectable()
export class WriteInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly audit: AuditLog,
    private readonly keyring: Keyring,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const docs = Reflect.getMetadata(ENDPOINT_METADATA, context.getHandler()) as EndpointDocs | undefined;
    if (request.method === 'GET' || request.method === 'HEAD') {
      return docs?.audited ? from(this.noted(request, next)) : next.handle();
    }
    return from(this.write(request, reply, next, docs));
  }

  private async write(
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
    docs: EndpointDocs | undefined,
  ): Promise<unknown> {
    const { shownOnce, audits } = docs ?? {};
    const caller = callerOf(request);
    // A file streams in, so it cannot be compared with the first one; an import is safe to repeat without a key.
    const key = request.method === 'POST' && !isUpload(request) ? headerOf(request) : undefined;
    if (!caller) return lastValueFrom(next.handle(), { defaultValue: undefined });
    if (key === undefined) return this.audited(request, next, audits);

    const stored = await this.idempotency.reserve(caller.keyId, key, this.fingerprint(request));
    if (stored) {
      void reply.status(stored.status).header('Idempotent-Replayed', 'true');
      return stored.body;
    }
    try {
      const body = await this.audited(request, next, audits);
      const kept = shownOnce ? { ...(body as object), [shownOnce]: undefined } : body;
      await this.idempotency.store(caller.keyId, key, { status: reply.statusCode, body: kept });
      return body;
    } catch (error) {
      await this.idempotency.release(caller.keyId, key);
      throw error;
    }
  }

  /** Keyed: the body may hold a password, which nobody shall be able to guess by what is stored. */
  private fingerprint({ method, url, body }: FastifyRequest): string {
    return createHmac('sha256', this.keyring.key('idempotency') as Buffer)
      .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
      .digest('hex');
  }

  /** Before a byte of it has left. */
  private async noted(request: FastifyRequest, next: CallHandler): Promise<unknown> {
    // Not validated yet: only what has the form of an id is written down.
    const { id } = request.params as { id?: string };
    await this.note(request, isId(id) ? id : null);
    return lastValueFrom(next.handle(), { defaultValue: undefined });
  }

  private async audited(
    request: FastifyRequest,
    next: CallHandler,
    audits: readonly string[] = [],
  ): Promise<unknown> {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const made = (body as { id?: unknown } | undefined)?.id;
    const params = request.params as { id?: string };
    const subject = params.id ?? (typeof made === 'string' ? made : null);
    await this.note(request, subject, textsOf(request.body, audits));
    return body;
  }

  private async note(
    request: FastifyRequest,
    subject: string | null,
    detail: Record<string, string> = {},
  ): Promise<void> {
    const caller = callerOf(request);
    const route = request.routeOptions.url ?? '';
    if (!caller) return;
    await this.audit.note(caller, `${request.method} ${route}`, route.split('/')[3] ?? '', subject, detail);
  }
}

/** Of what was validated. */
function textsOf(body: unknown, names: readonly string[]): Record<string, string> {
  const given = (body ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])),
  );
}

function isUpload(request: FastifyRequest): boolean {
  return request.isMultipart() || request.body instanceof Readable || Buffer.isBuffer(request.body);
}

function headerOf(request: FastifyRequest): string | undefined {
  const value = request.headers['idempotency-key'];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(value)) {
    throw invalidField(
      'Idempotency-Key',
      'invalid',
      'An Idempotency-Key has 1 to 255 visible ASCII characters.',
    );
  }
  return value;
}
