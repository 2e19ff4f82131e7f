import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { and, eq, gt, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { apiKey, operator, session } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { AuditLog } from '../audit/audit.js';
import { ANY_KEY, GuessLimiter, type Guess } from '../accounts/guess-limiter.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { ApiKeyService, type Caller } from '../keys/api-key.service.js';
import { OperatorService } from '../accounts/operator.service.js';
import { isWrong, SignInTrail } from './sign-in-trail.js';

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

function wrong(input: SignInInput): DomainError {
  return new DomainError(
    'unauthorized',
    'apiKey' in input ? 'The key is not valid.' : 'The address or the password is wrong.',
  );
}

/** Sign-ins of operators' browsers. */
@Injectable()
export class SessionService {
  private readonly familiar = new LRUCache<string, true>({ max: FAMILIAR });

  constructor(
    private readonly database: Database,
    private readonly operators: OperatorService,
    private readonly keys: ApiKeyService,
    private readonly guesses: GuessLimiter,
    private readonly trail: SignInTrail,
    private readonly audit: AuditLog,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {}

  /**
   * Signs in, in the log and in the audit. Only what was checked and is wrong counts as a guess.
   * @param client who tries: guesses are counted by it
   * @returns the token for the cookie, which is stored nowhere
   * @throws DomainError `unauthorized`, the same for an unknown address and a wrong password; `rate_limited`; `unavailable` when too
   *   many sign in at once
   */
  async signIn(input: SignInInput, client: string): Promise<{ token: string; who: SignedIn }> {
    try {
      const guess = await this.guesses.begin('apiKey' in input ? ANY_KEY : input.email, client);
      const opened = await this.tried(input, guess);
      await guess.succeeded();
      await this.audit.note(opened.who, 'sign-in', 'sessions', null);
      this.trail.succeeded(opened.who);
      return opened;
    } catch (error) {
      this.trail.failed(input, client, error);
      throw error;
    }
  }

  private async tried(input: SignInInput, guess: Guess) {
    try {
      const opened = await this.open(await this.holderOf(input, guess.isKnown));
      if (!opened) throw wrong(input); // since it was looked at
      return opened;
    } catch (error) {
      if (!isWrong(error)) {
        await guess.withdrawn().catch((failure: unknown) => {
          this.log.error('a try to sign in could not be taken back', failure);
        });
      }
      throw error;
    }
  }

  /** Who it is, as a query for them as long as what they showed still holds. */
  private async holderOf(input: SignInInput, isKnown: boolean): Promise<SQL> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`);
      return sql`SELECT publication_id, NULL::uuid AS operator_id, id AS api_key_id
        FROM ${apiKey} WHERE id = ${keyId} AND revoked_at IS NULL FOR SHARE`;
    }
    const found = await this.operators.verify(input.email, input.password, isKnown);
    if (!found) throw wrong(input);
    return sql`SELECT publication_id, id AS operator_id, NULL::uuid AS api_key_id
      FROM ${operator} WHERE id = ${found.id} AND password_hash = ${found.passwordHash} FOR SHARE`;
  }

  /**
   * Opens a session, unless the password was replaced or the key revoked since it was checked: whoever replaces it ends the
   * sessions they find, so none may come after.
   * @returns null when it was
   */
  private async open(holder: SQL): Promise<{ token: string; who: SignedIn } | null> {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expires = new Date(now.getTime() + SESSION_MS);
    await this.database.db.execute(sql`
      INSERT INTO ${session} (id, publication_id, sha256, operator_id, api_key_id, created_at, expires_at)
      SELECT ${newId()}::uuid, holder.publication_id, ${hash(token)}::bytea, holder.operator_id, holder.api_key_id,
        ${now.toISOString()}::timestamptz, ${expires.toISOString()}::timestamptz
      FROM (${holder}) AS holder`);
    const who = await this.read(token);
    return who && { token, who };
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
    const name = hash(token).toString('base64');
    if (!row || !role || !id) {
      this.familiar.delete(name);
      return null;
    }
    this.familiar.set(name, true);
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
    this.familiar.delete(hash(token).toString('base64'));
  }

  async forgetOld(): Promise<void> {
    await this.database.db.delete(session).where(lt(session.expiresAt, this.clock.now()));
  }
}
