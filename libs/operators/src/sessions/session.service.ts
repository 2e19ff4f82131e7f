import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '#database/database.js';
import type { SignInMethod } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import type { PageQuery } from '#kernel/input/page.js';
import { AuditLog } from '../audit/audit.js';
import { insistOnNetwork } from '../keys/api-key.service.js';
import { mayDo, type Caller } from '../rights/caller.js';
import { SessionRepository, type FoundSession, type Holder } from './session.repository.js';

/** A working day; after it the operator signs in again. */
export const SESSION_MS = 12 * 3_600_000;
/** A session that nobody has used for so long has ended: half a working day. */
export const IDLE_MS = 4 * 3_600_000;
/** A use is noted once in so long, so that it costs no write per request. */
const NOTED_EVERY_MS = 60_000;
/** Of what browsers say of themselves. */
const MOST_USER_AGENT = 300;

/** A caller and what to call them. */
export interface SignedIn extends Caller {
  name: string;
}

/** From where somebody comes: an address and what their browser says of itself. */
export interface Origin {
  ip?: string | undefined;
  userAgent?: string | undefined;
}

/** A session that was opened. */
export interface Opened {
  /** For the cookie. It is stored nowhere. */
  token: string;
  who: SignedIn;
}

/** Sessions that were open lately: enough for any installation. */
const FAMILIAR = 1_000;

const hash = (token: string) => createHash('sha256').update(token).digest();

/** The sessions of operators' browsers. */
@Injectable()
export class SessionService {
  private readonly familiar = new LRUCache<string, true>({ max: FAMILIAR });

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens one for whoever has proved who they are.
   * @param provedAt when, if that was not now
   * @returns null when the password was replaced or the key revoked since it was checked
   */
  async open(
    holder: Holder,
    method: SignInMethod,
    { ip, userAgent }: Origin,
    provedAt?: Date,
  ): Promise<Opened | null> {
    const token = randomBytes(32).toString('base64url');
    const at = this.clock.now();
    await this.sessions.open(this.database.db, hash(token), holder, {
      at,
      provedAt: provedAt && provedAt < at ? provedAt : at,
      until: new Date(at.getTime() + SESSION_MS),
      method,
      client: ip ?? null,
      userAgent: userAgent?.slice(0, MOST_USER_AGENT) ?? null,
    });
    const who = await this.read(token, ip);
    return who && { token, who };
  }

  /** Notes that the holder of a session has proved once more who they are. @param provedAt when, if that was not now */
  async prove({ session }: Caller, provedAt?: Date): Promise<void> {
    const now = this.clock.now();
    if (!session) return;
    await this.sessions.prove(this.database.db, session.id, now, provedAt && provedAt < now ? provedAt : now);
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
    const row = await this.sessions.find(this.database.db, { sha256 }, now, this.seenAfter(now));
    const who = row && signedIn(row);
    if (!who) {
      this.familiar.delete(sha256.toString('base64'));
      return null;
    }
    insistOnNetwork(row.operatorId ? null : row.keyNetworks, ip);
    this.familiar.set(sha256.toString('base64'), true);
    if (isUse && now.getTime() - row.lastSeenAt.getTime() > NOTED_EVERY_MS) {
      await this.sessions.touch(this.database.db, row.id, now);
    }
    return who;
  }

  /** The same of a session that is known by its id. */
  async readById(id: string): Promise<SignedIn | null> {
    const now = this.clock.now();
    const row = await this.sessions.find(this.database.db, { id }, now, this.seenAfter(now));
    return (row && signedIn(row)) ?? null;
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
  async end(token: string, { ip }: Origin = {}): Promise<void> {
    const who = await this.read(token, ip).catch(() => null);
    if (who) await this.audit.note(who, 'sign-out', 'sessions', who.session?.id ?? null, { client: ip });
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

/** Undefined: its holder is gone. */
function signedIn(row: FoundSession): SignedIn | undefined {
  const keyId = row.operatorId ?? row.keyId;
  return keyId === null
    ? undefined
    : {
        keyId,
        publicationId: row.publicationId,
        role: row.operatorRole ?? row.keyRole,
        name: row.email ?? row.keyName ?? '',
        session: { id: row.id, provedAt: row.provedAt },
        ...(row.operatorId ? { operatorId: row.operatorId } : {}),
        ...(row.keyScopes ? { scopes: row.keyScopes } : {}),
        ...(row.keyPerMinute === null ? {} : { perMinute: row.keyPerMinute }),
      };
}

/** Whose sessions a caller sees and ends. */
function reachOf(caller: Caller): { operatorId?: string; apiKeyId?: string } {
  if (mayDo(caller, 'operators:manage')) return {};
  return caller.operatorId ? { operatorId: caller.operatorId } : { apiKeyId: caller.keyId };
}
