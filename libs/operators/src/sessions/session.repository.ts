import { Injectable } from '@nestjs/common';
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { apiKey, operator, session, type SignInMethod } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

/** The credential a session is opened with. It is checked again: a password may have been replaced, a key revoked. */
export type Holder =
  { operatorId: string; passwordHash: string } | { operatorId: string } | { apiKeyId: string };

/** How and from where a session is opened, and until when it lasts at most. */
export interface Opening {
  at: Date;
  /** When its holder proved who they are: at an identity provider that may have been long before. */
  provedAt: Date;
  until: Date;
  method: SignInMethod;
  client: string | null;
  userAgent: string | null;
}

/** The SQL of sessions. A token is only known by its SHA-256. */
@Injectable()
export class SessionRepository {
  /**
   * Opens a session, unless the password has been replaced or the key revoked since it was checked. Replacing and revoking end the
   * sessions there are, so none may be opened afterwards with what was valid before.
   */
  async open(db: Executor, sha256: Buffer, holder: Holder, its: Opening): Promise<void> {
    const at = its.at.toISOString();
    await db.execute(sql`
      INSERT INTO ${session} (id, publication_id, sha256, operator_id, api_key_id, method, client, user_agent,
        created_at, proved_at, last_seen_at, expires_at)
      SELECT ${newId()}::uuid, holder.publication_id, ${sha256}::bytea, holder.operator_id, holder.api_key_id,
        ${its.method}, ${its.client}, ${its.userAgent},
        ${at}::timestamptz, ${its.provedAt.toISOString()}::timestamptz, ${at}::timestamptz, ${its.until.toISOString()}::timestamptz
      FROM (${whoIs(holder)}) AS holder`);
    if ('operatorId' in holder) {
      await db.update(operator).set({ lastSignInAt: its.at }).where(eq(operator.id, holder.operatorId));
    }
  }

  /** A session that is open, or undefined. A revoked key ends its sessions too. @param seenAfter else nobody has used it for too long */
  async find(db: Executor, its: { sha256: Buffer } | { id: string }, now: Date, seenAfter: Date) {
    const [row] = await db
      .select(columns)
      .from(session)
      .leftJoin(operator, and(eq(operator.id, session.operatorId), eq(operator.status, 'active')))
      .leftJoin(
        apiKey,
        and(
          eq(apiKey.id, session.apiKeyId),
          isNull(apiKey.revokedAt),
          or(isNull(apiKey.expiresAt), gt(apiKey.expiresAt, now)),
        ),
      )
      .where(
        and(
          'id' in its ? eq(session.id, its.id) : eq(session.sha256, its.sha256),
          gt(session.expiresAt, now),
          gt(session.lastSeenAt, seenAfter),
          or(eq(operator.id, session.operatorId), eq(apiKey.id, session.apiKeyId)),
        ),
      );
    return row;
  }

  /** Notes that it is used. */
  async touch(db: Executor, id: string, now: Date): Promise<void> {
    await db.update(session).set({ lastSeenAt: now }).where(eq(session.id, id));
  }

  /** Notes that its holder has proved once more who they are. @param provedAt when */
  async prove(db: Executor, id: string, now: Date, provedAt = now): Promise<void> {
    await db.update(session).set({ provedAt, lastSeenAt: now }).where(eq(session.id, id));
  }

  /** Those that are open, the newest first. @param of whose; undefined: everybody's */
  async page(
    db: Executor,
    publicationId: string,
    of: { operatorId?: string | undefined; apiKeyId?: string | undefined },
    {
      now,
      seenAfter,
      limit,
      before,
    }: { now: Date; seenAfter: Date; limit: number; before?: string | undefined },
  ) {
    return db
      .select({ ...columns, method: session.method, client: session.client, userAgent: session.userAgent })
      .from(session)
      .leftJoin(operator, eq(operator.id, session.operatorId))
      .leftJoin(apiKey, eq(apiKey.id, session.apiKeyId))
      .where(
        and(
          eq(session.publicationId, publicationId),
          gt(session.expiresAt, now),
          gt(session.lastSeenAt, seenAfter),
          of.operatorId ? eq(session.operatorId, of.operatorId) : undefined,
          of.apiKeyId ? eq(session.apiKeyId, of.apiKeyId) : undefined,
          before ? lt(session.id, before) : undefined,
        ),
      )
      .orderBy(desc(session.id))
      .limit(limit);
  }

  async end(db: Executor, sha256: Buffer): Promise<void> {
    await db.delete(session).where(eq(session.sha256, sha256));
  }

  /** @returns whether there was one */
  async endById(
    db: Executor,
    publicationId: string,
    id: string,
    of: { operatorId?: string | undefined; apiKeyId?: string | undefined },
  ): Promise<boolean> {
    const rows = await db
      .delete(session)
      .where(
        and(
          eq(session.id, id),
          eq(session.publicationId, publicationId),
          of.operatorId ? eq(session.operatorId, of.operatorId) : undefined,
          of.apiKeyId ? eq(session.apiKeyId, of.apiKeyId) : undefined,
        ),
      )
      .returning({ id: session.id });
    return rows.length > 0;
  }

  /** Ends those that have expired, or that nobody has used for too long. */
  async endOld(db: Executor, now: Date, seenAfter: Date): Promise<void> {
    await db.delete(session).where(or(lt(session.expiresAt, now), lt(session.lastSeenAt, seenAfter)));
  }
}

/** A session that is open, and its holder. */
export type FoundSession = NonNullable<Awaited<ReturnType<SessionRepository['find']>>>;

const columns = {
  id: session.id,
  publicationId: session.publicationId,
  provedAt: session.provedAt,
  lastSeenAt: session.lastSeenAt,
  createdAt: session.createdAt,
  expiresAt: session.expiresAt,
  operatorId: operator.id,
  email: operator.email,
  operatorRole: operator.role,
  keyId: apiKey.id,
  keyName: apiKey.name,
  keyRole: apiKey.role,
  keyScopes: apiKey.scopes,
  keyNetworks: apiKey.networks,
  keyPerMinute: apiKey.perMinute,
};

function whoIs(holder: Holder) {
  if ('apiKeyId' in holder) {
    return sql`SELECT publication_id, NULL::uuid AS operator_id, id AS api_key_id
      FROM ${apiKey} WHERE id = ${holder.apiKeyId} AND revoked_at IS NULL FOR SHARE`;
  }
  const same = 'passwordHash' in holder ? sql`AND password_hash = ${holder.passwordHash}` : sql``;
  return sql`SELECT publication_id, id AS operator_id, NULL::uuid AS api_key_id
    FROM ${operator} WHERE id = ${holder.operatorId} AND status = 'active' ${same} FOR SHARE`;
}
