import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { and, eq, gt, isNull, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { apiKey, operator, session } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/logger.js';
import { LruMap } from '#kernel/lru-map.js';
import { AuditLog } from './audit.js';
import { ANY_KEY, GuessLimiter } from './guess-limiter.js';
import { DomainError } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { ApiKeyService, type Caller } from './api-key.service.js';
import { OperatorService } from './operator.service.js';

/** A working day; after it the operator signs in again. */
export const SESSION_MS = 12 * 3_600_000;

/** `POST /api/session`. */
export const signInInput = z.union([
  z.strictObject({ email: z.string().max(320), password: z.string().min(1).max(1000) }),
  z.strictObject({ apiKey: z.string().min(1).max(512) }),
]);
export type SignInInput = z.output<typeof signInInput>;

/** A caller and what to call them. */
export interface SignedIn extends Caller {
  name: string;
}

/** Sessions that were open lately: enough for any installation. */
const FAMILIAR = 1_000;

const hash = (token: string) => createHash('sha256').update(token).digest();

/** Sign-ins of operators' browsers. */
@Injectable()
export class SessionService {
  private readonly familiar = new LruMap<string, true>(FAMILIAR);

  constructor(
    private readonly database: Database,
    private readonly operators: OperatorService,
    private readonly keys: ApiKeyService,
    private readonly guesses: GuessLimiter,
    private readonly audit: AuditLog,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /**
   * Signs in, in the log and in the audit.
   * @param client who tries: guesses are counted by it
   * @returns the token for the cookie, which is stored nowhere
   * @throws DomainError `unauthorized`, the same for an unknown address and a wrong password; `rate_limited`
   */
  async signIn(input: SignInInput, client: string): Promise<{ token: string; who: SignedIn }> {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const { publicationId, ...holder } = await this.tried(input, client);
    await this.database.db.insert(session).values({
      id: newId(),
      publicationId,
      sha256: hash(token),
      ...holder,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_MS),
    });
    const who = (await this.read(token)) as SignedIn;
    await this.audit.note(who, 'sign-in', 'sessions', null);
    this.log.info('signed in', { actor: who.keyId, role: who.role });
    return { token, who };
  }

  private async tried(input: SignInInput, client: string) {
    const guess = await this.guesses.begin('apiKey' in input ? ANY_KEY : input.email, client);
    try {
      const holder = await this.holderOf(input);
      await guess.succeeded();
      return holder;
    } catch (error) {
      this.log.warn('a sign-in failed', {
        by: 'apiKey' in input ? 'key' : 'password',
        reason: (error as Error).message,
      });
      const isWrong = error instanceof DomainError && error.code === 'unauthorized';
      if (isWrong && 'email' in input) await this.operators.noteWrongPassword(input.email);
      throw error;
    }
  }

  private async holderOf(input: SignInInput) {
    if ('apiKey' in input) {
      const { keyId, publicationId } = await this.keys.authenticate(`Bearer ${input.apiKey}`);
      return { publicationId, apiKeyId: keyId };
    }
    const found = await this.operators.verify(input.email, input.password);
    if (!found) throw new DomainError('unauthorized', 'The address or the password is wrong.');
    return { publicationId: found.publicationId, operatorId: found.id };
  }

  /** Whose token it is, or null. A revoked key ends its sessions too. */
  async read(token: string): Promise<SignedIn | null> {
    const [row] = await this.database.db
      .select({
        publicationId: session.publicationId,
        operatorId: operator.id,
        email: operator.email,
        operatorRole: operator.role,
        keyId: apiKey.id,
        keyName: apiKey.name,
        keyRole: apiKey.role,
      })
      .from(session)
      .leftJoin(operator, eq(operator.id, session.operatorId))
      .leftJoin(apiKey, and(eq(apiKey.id, session.apiKeyId), isNull(apiKey.revokedAt)))
      .where(
        and(
          eq(session.sha256, hash(token)),
          gt(session.expiresAt, this.clock.now()),
          or(eq(operator.id, session.operatorId), eq(apiKey.id, session.apiKeyId)),
        ),
      );
    const role = row?.operatorRole ?? row?.keyRole;
    const id = row?.operatorId ?? row?.keyId;
    if (!row || !role || !id) return null;
    this.familiar.set(hash(token).toString('base64'), true);
    return { keyId: id, publicationId: row.publicationId, role, name: row.email ?? row.keyName ?? '' };
  }

  /** Whether the session was open when this process saw it last. */
  isFamiliar(token: string): boolean {
    return this.familiar.get(hash(token).toString('base64')) === true;
  }

  /** Signs out, in the audit. */
  async end(token: string): Promise<void> {
    const who = await this.read(token);
    if (who) await this.audit.note(who, 'sign-out', 'sessions', null);
    await this.database.db.delete(session).where(eq(session.sha256, hash(token)));
  }

  async forgetOld(): Promise<void> {
    await this.database.db.delete(session).where(lt(session.expiresAt, this.clock.now()));
  }
}
