import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { invalidField } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { scrub } from '#kernel/observing/scrub.js';
import { AuditLog } from '#operators/audit/audit.js';
import { changedFields, changesOf } from '#operators/audit/changes.js';
import { IdempotencyService } from '#operators/audit/idempotency.service.js';
import { rightOf } from '#operators/rights/routes.js';
import { callerOf } from '../auth.guard.js';
import { BeforeChange } from './before-change.js';
import { ENDPOINT_METADATA, type EndpointDocs } from '../endpoint.js';

/** What is erased on demand must not live on in the audit, which is kept. */
const PERSONAL = /^\/api\/v1\/(subscribers|suppressions|feedback|editions\/:id\/test)(\/|$)/;

/** Answers a repeated POST with the first answer, and notes every change, and what else is to be noted, in the audit log. */
@Injectable()
export class WriteInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly audit: AuditLog,
    private readonly keyring: Keyring,
    private readonly before: BeforeChange,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const docs = Reflect.getMetadata(ENDPOINT_METADATA, context.getHandler()) as EndpointDocs | undefined;
    if (request.method === 'GET' || request.method === 'HEAD') {
      const isNoted = rightOf(request.method, request.routeOptions.url ?? '')?.audited;
      return isNoted ? from(this.noted(request, next)) : next.handle();
    }
    const isNotedWithin = docs?.notes === 'within';
    const write = async () =>
      this.write(request, reply, next, docs, isNotedWithin ? undefined : await this.before.read(context));
    return from(write());
  }

  private async write(
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
    docs: EndpointDocs | undefined,
    before: unknown,
  ): Promise<unknown> {
    const caller = callerOf(request);
    // A file streams in, so it cannot be compared with the first one; an import is safe to repeat without a key.
    const key = request.method === 'POST' && !isUpload(request) ? headerOf(request) : undefined;
    if (!caller) return lastValueFrom(next.handle(), { defaultValue: undefined });
    if (key === undefined) return this.audited(request, next, before, docs);

    const stored = await this.idempotency.reserve(caller.keyId, key, this.fingerprint(request));
    if (stored) {
      void reply.status(stored.status).header('Idempotent-Replayed', 'true');
      return stored.body;
    }
    try {
      const body = await this.audited(request, next, before, docs);
      const kept = without(docs?.shownOnce, body);
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
    before: unknown,
    { shownOnce, audits = [], notes }: Partial<EndpointDocs> = {},
  ): Promise<unknown> {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    if (notes === 'within') return body;
    const made = (body as { id?: unknown } | undefined)?.id;
    const params = request.params as { id?: string };
    const subject = params.id ?? (typeof made === 'string' ? made : null);
    await this.note(request, subject, {
      ...this.detailOf(request, before, without(shownOnce, body)),
      ...textsOf(request.body, audits),
    });
    return body;
  }

  /** Of what was made, changed or removed; of a deed such as `send` nothing: its name says it. */
  private detailOf({ method, params, routeOptions }: FastifyRequest, before: unknown, body: unknown) {
    const isMaking = method === 'POST' && Object.keys(params as object).length === 0;
    if (!isMaking && before === undefined) return undefined;
    const sent: unknown = JSON.parse(JSON.stringify(body ?? null));
    const [from, to] = [isMaking ? null : before, method === 'DELETE' ? null : sent];
    const isPersonal = PERSONAL.test(routeOptions.url ?? '');
    return isPersonal ? changedFields(from, to) : changesOf(from, to);
  }

  private async note(
    request: FastifyRequest,
    subject: string | null,
    detail?: Record<string, unknown>,
  ): Promise<void> {
    const caller = callerOf(request);
    const route = request.routeOptions.url ?? '';
    if (!caller) return;
    const more = { detail, client: request.ip };
    await this.audit.note(caller, `${request.method} ${route}`, route.split('/')[3] ?? '', subject, more);
  }
}

/** An answer as it may be kept. */
function without(fields: readonly string[] | undefined, body: unknown): unknown {
  if (!fields || typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}

/** Of a request's body, addresses taken out. */
function textsOf(body: unknown, names: readonly string[]): Record<string, string> {
  const given = (body ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => (typeof given[name] === 'string' ? [[name, scrub(given[name])]] : [])),
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
