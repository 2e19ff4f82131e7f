import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Database } from '#database/database.js';
import type { SignInMethod } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import type { PageQuery } from '#kernel/input/page.js';
import { Log } from '#kernel/observing/logger.js';
import { AuditLog } from '../audit/audit.js';
import { ANY_KEY, GuessLimiter, type Guess } from '../accounts/guess-limiter.js';
import { OperatorService } from '../accounts/operator.service.js';
import { ApiKeyService, insistOnNetwork } from '../keys/api-key.service.js';
import { mayDo, type Caller } from '../rights/caller.js';
import { TotpService } from '../second-factor/totp.service.js';
import { SessionRepository, type Holder } from './session.repository.js';
import { isWrong, SignInTrail } from './sign-in-trail.js';

/** A working day; after it the operator signs in again. */
export const SESSION_MS = 12 * 3_600_000;
/** A session that nobody has used for so long has ended: half a working day. */
export const IDLE_MS = 4 * 3_600_000;
/** A use is noted once in so long, so that it costs no write per request. */
const NOTED_EVERY_MS = 60_000;
/** Of what browsers say of themselves. */
const MOST_USER_AGENT = 300;

const code = z.string().min(6).max(40);

/** `POST /api/session`. */
export const signInInput = z.union([
  z.strictObject({
    email: z.string().max(320),
    password: z.string().min(1).max(1000),
    code: code.optional(),
  }),
  z.strictObject({ apiKey: z.string().min(1).max(512) }),
]);
export type SignInInput = z.output<typeof signInInput>;

/** `POST /api/session/fresh`: one of them proves who it is. */
export const proofInput = z.union([
  z.strictObject({ password: z.string().min(1).max(1000) }),
  z.strictObject({ code }),
  z.strictObject({ apiKey: z.string().min(1).max(512) }),
]);
export type ProofInput = z.output<typeof proofInput>;

/** A caller and what to call them. */
export interface SignedIn extends Caller {
  name: string;
}

/** From where somebody comes: an address and what their browser says of itself. */
export interface Origin {
  ip?: string | undefined;
  userAgent?: string | undefined;
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

const wrongCode = () => new DomainError('unauthorized', 'The code is wrong, or it was used already.');

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
    private readonly totp: TotpService,
  ) {}

  /**
   * Signs in, in the log and in the audit. Only what was checked and is wrong counts as a guess.
   * @param client who tries: guesses are counted by it
   * @returns the token for the cookie, which is stored nowhere
   * @throws DomainError `unauthorized`, the same for an unknown address and a wrong password; `second_factor_required` after the right
   *   password of whoever has one; `rate_limited`; `unavailable` when too many sign in at once
   */
  async signIn(
    input: SignInInput,
    client: string,
    from: Origin = {},
  ): Promise<{ token: string; who: SignedIn }> {
    try {
      const guess = await this.guesses.begin('apiKey' in input ? ANY_KEY : input.email, client);
      const opened = await this.tried(guess, async () => {
        const holder = await this.holderOf(input, guess.isKnown, from);
        const it = await this.open(holder, 'apiKey' in input ? 'key' : 'password', from);
        if (!it) throw wrong(input); // replaced or revoked since it was checked
        return it;
      });
      await guess.succeeded();
      await this.noteSignIn(opened.who, from);
      return opened;
    } catch (error) {
      this.trail.failed(input, client, error);
      throw error;
    }
  }

  /**
   * Signs in an operator who has proved otherwise who they are: by passkey, at the identity provider, by a link.
   * @throws DomainError `unauthorized` when they may not sign in any more
   */
  async signInAs(operatorId: string, method: SignInMethod, from: Origin = {}) {
    const opened = await this.open({ operatorId }, method, from);
    if (!opened) throw new DomainError('unauthorized', 'This account may not sign in.');
    await this.noteSignIn(opened.who, from);
    return opened;
  }

  /**
   * Makes a session fresh: its holder proves once more who they are. Counts as a guess like a sign-in does.
   * @throws DomainError `unauthorized`; `rate_limited`
   */
  async prove(caller: SignedIn, input: ProofInput, client: string): Promise<void> {
    const guess = await this.guesses.begin(caller.operatorId ? caller.name : ANY_KEY, client);
    await this.tried(guess, () => this.insistOnProof(caller, input, guess.isKnown));
    await guess.succeeded();
    await this.markProved(caller);
  }

  /** The same, proved otherwise. */
  async markProved({ session }: Caller): Promise<void> {
    if (session) await this.sessions.prove(this.database.db, session.id, this.clock.now());
  }

  private async insistOnProof(caller: SignedIn, input: ProofInput, isKnown: boolean): Promise<void> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`);
      if (caller.operatorId || keyId !== caller.keyId) throw wrong(input);
    } else if ('code' in input) {
      if (!caller.operatorId || !(await this.totp.isRight(caller.operatorId, input.code))) throw wrongCode();
    } else {
      const found = await this.operators.verify(caller.name, input.password, isKnown);
      if (!found || found.id !== caller.operatorId) {
        throw new DomainError('unauthorized', 'The password is wrong.');
      }
    }
  }

  private async tried<T>(guess: Guess, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!isWrong(error)) {
        await guess.withdrawn().catch((failure: unknown) => {
          this.log.error('a try to sign in could not be taken back', failure);
        });
      }
      throw error;
    }
  }

  private async noteSignIn(who: SignedIn, { ip }: Origin): Promise<void> {
    await this.audit.note(who, 'sign-in', 'sessions', who.session?.id ?? null, { client: ip });
    this.trail.succeeded(who);
  }

  /** The caller whose password or key it is. */
  private async holderOf(input: SignInInput, isKnown: boolean, { ip }: Origin): Promise<Holder> {
    if ('apiKey' in input) {
      const { keyId } = await this.keys.authenticate(`Bearer ${input.apiKey}`, ip);
      return { apiKeyId: keyId };
    }
    const found = await this.operators.verify(input.email, input.password, isKnown);
    if (!found) throw wrong(input);
    if (found.needsCode) {
      if (input.code === undefined) {
        throw new DomainError('second_factor_required', 'Give the code of your authenticator app too.');
      }
      if (!(await this.totp.isRight(found.id, input.code))) throw wrongCode();
    }
    return { operatorId: found.id, passwordHash: found.passwordHash };
  }

  /** @returns null when the password was replaced or the key revoked since it was checked */
  private async open(
    holder: Holder,
    method: SignInMethod,
    { ip, userAgent }: Origin,
  ): Promise<{ token: string; who: SignedIn } | null> {
    const token = randomBytes(32).toString('base64url');
    const at = this.clock.now();
    await this.sessions.open(this.database.db, hash(token), holder, {
      at,
      until: new Date(at.getTime() + SESSION_MS),
      method,
      client: ip ?? null,
      userAgent: userAgent?.slice(0, MOST_USER_AGENT) ?? null,
    });
    const who = await this.read(token, ip);
    return who && { token, who };
  }

  /**
   * Whose token it is, or null. A revoked key ends its sessions too.
   * @param ip from where it is used: needed for sessions of keys that have networks
   * @param isUse false: it is only asked whether it is open still, which does not keep it so
   * @throws DomainError `forbidden` from a network where its key may not be used
   */
  async read(token: string, ip?: string, { isUse = true } = {}): Promise<SignedIn | null> {
    const sha256 = hash(token);
    const now = this.clock.now();
    const row = await this.sessions.find(this.database.db, sha256, now, this.seenAfter(now));
    const keyId = row?.operatorId ?? row?.keyId;
    if (!row || !keyId) {
      this.familiar.delete(sha256.toString('base64'));
      return null;
    }
    insistOnNetwork(row.operatorId ? null : row.keyNetworks, ip);
    this.familiar.set(sha256.toString('base64'), true);
    if (isUse && now.getTime() - row.lastSeenAt.getTime() > NOTED_EVERY_MS) {
      await this.sessions.touch(this.database.db, row.id, now);
    }
    return {
      keyId,
      publicationId: row.publicationId,
      role: row.operatorRole ?? row.keyRole,
      name: row.email ?? row.keyName ?? '',
      session: { id: row.id, provedAt: row.provedAt },
      ...(row.operatorId ? { operatorId: row.operatorId } : {}),
      ...(row.keyScopes ? { scopes: row.keyScopes } : {}),
    };
  }

  /** Whether the session was open when this process saw it last. */
  isFamiliar(token: string): boolean {
    return this.familiar.get(hash(token).toString('base64')) === true;
  }

  /** Those that are open, the newest first, one more than the limit: the caller's own; everybody's for who sees to operators. */
  async list(caller: Caller, { limit, cursor }: PageQuery) {
    const now = this.clock.now();
    const about = { now, seenAfter: this.seenAfter(now), limit: limit + 1, before: cursor };
    const rows = await this.sessions.page(this.database.db, caller.publicationId, reachOf(caller), about);
    return rows.map((row) => ({
      id: row.id,
      operatorId: row.operatorId,
      apiKeyId: row.keyId,
      name: row.email ?? row.keyName ?? '',
      method: row.method,
      client: row.client,
      userAgent: row.userAgent,
      isCurrent: row.id === caller.session?.id,
      createdAt: row.createdAt,
      lastSeenAt: row.lastSeenAt,
      expiresAt: row.expiresAt,
    }));
  }

  /** Ends one that the caller sees in the list. @throws DomainError `not_found` */
  async endOne(caller: Caller, id: string): Promise<void> {
    const { db } = this.database;
    const isEnded = isId(id) && (await this.sessions.endById(db, caller.publicationId, id, reachOf(caller)));
    if (!isEnded) throw notFound('session');
  }

  /** Signs out, in the audit. */
  async end(token: string): Promise<void> {
    const who = await this.read(token).catch(() => null);
    if (who) await this.audit.note(who, 'sign-out', 'sessions', who.session?.id ?? null);
    await this.sessions.end(this.database.db, hash(token));
    this.familiar.delete(hash(token).toString('base64'));
  }

  async forgetOld(): Promise<void> {
    const now = this.clock.now();
    await this.sessions.endOld(this.database.db, now, this.seenAfter(now));
  }

  private seenAfter(now: Date): Date {
    return new Date(now.getTime() - IDLE_MS);
  }
}

/** Whose sessions a caller sees and ends. */
function reachOf(caller: Caller): { operatorId?: string; apiKeyId?: string } {
  if (mayDo(caller, 'operators:manage')) return {};
  return caller.operatorId ? { operatorId: caller.operatorId } : { apiKeyId: caller.keyId };
}
