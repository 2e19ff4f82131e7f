import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { AuditLog } from '../audit/audit.js';
import { ANY_KEY, GuessLimiter, type Guess } from '../accounts/guess-limiter.js';
import { DomainError } from '#kernel/errors/errors.js';
import { ApiKeyService, type Caller } from '../keys/api-key.service.js';
import { OperatorService } from '../accounts/operator.service.js';
import { SessionRepository, type Holder } from './session.repository.js';
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
    private readonly sessions: SessionRepository,
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
      if (!opened) throw wrong(input); // replaced or revoked since it was checked
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

  /** The caller whose password or key it is. */
  private async holderOf(input: SignInInput, isKnown: boolean): Promise<Holder> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`);
      return { apiKeyId: keyId };
    }
    const found = await this.operators.verify(input.email, input.password, isKnown);
    if (!found) throw wrong(input);
    return { operatorId: found.id, passwordHash: found.passwordHash };
  }

  /** @returns null when the password was replaced or the key revoked since it was checked */
  private async open(holder: Holder): Promise<{ token: string; who: SignedIn } | null> {
    const token = randomBytes(32).toString('base64url');
    const at = this.clock.now();
    const times = { at, until: new Date(at.getTime() + SESSION_MS) };
    await this.sessions.open(this.database.db, hash(token), holder, times);
    const who = await this.read(token);
    return who && { token, who };
  }

  /** Whose token it is, or null. A revoked key ends its sessions too. */
  async read(token: string): Promise<SignedIn | null> {
    const sha256 = hash(token);
    const row = await this.sessions.find(this.database.db, sha256, this.clock.now());
    if (!row) {
      this.familiar.delete(sha256.toString('base64'));
      return null;
    }
    this.familiar.set(sha256.toString('base64'), true);
    const { id: keyId, ...rest } = row;
    return { keyId, ...rest };
  }

  /** Whether the session was open when this process saw it last. */
  isFamiliar(token: string): boolean {
    return this.familiar.get(hash(token).toString('base64')) === true;
  }

  /** Signs out, in the audit. */
  async end(token: string): Promise<void> {
    const who = await this.read(token);
    if (who) await this.audit.note(who, 'sign-out', 'sessions', null);
    await this.sessions.end(this.database.db, hash(token));
    this.familiar.delete(hash(token).toString('base64'));
  }

  async forgetOld(): Promise<void> {
    await this.sessions.endOld(this.database.db, this.clock.now());
  }
}
