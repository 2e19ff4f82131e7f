import { Injectable } from '@nestjs/common';
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { apiKey, operator, session } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import type { Role } from '../keys/api-key.service.js';

/** The credential a session is opened with. It is checked again: a password may have been replaced, a key revoked. */
export type Holder = { operatorId: string; passwordHash: string } | { apiKeyId: string };

/** Whose a session is. */
export interface SessionRow {
  publicationId: string;
  id: string;
  name: string;
  role: Role;
}

/** The SQL of sessions. A token is only known by its SHA-256. */
@Injectable()
export class SessionRepository {
  /**
   * Opens a session, unless the password has been replaced or the key revoked since it was checked. Replacing and revoking end the
   * sessions there are, so none may be opened afterwards with what was valid before.
   */
  async open(
    db: Executor,
    sha256: Buffer,
    holder: Holder,
    { at, until }: { at: Date; until: Date },
  ): Promise<void> {
    const who =
      'apiKeyId' in holder
        ? sql`SELECT publication_id, NULL::uuid AS operator_id, id AS api_key_id
            FROM ${apiKey} WHERE id = ${holder.apiKeyId} AND revoked_at IS NULL FOR SHARE`
        : sql`SELECT publication_id, id AS operator_id, NULL::uuid AS api_key_id
            FROM ${operator} WHERE id = ${holder.operatorId} AND password_hash = ${holder.passwordHash} FOR SHARE`;
    await db.execute(sql`
      INSERT INTO ${session} (id, publication_id, sha256, operator_id, api_key_id, created_at, expires_at)
      SELECT ${newId()}::uuid, holder.publication_id, ${sha256}::bytea, holder.operator_id, holder.api_key_id,
        ${at.toISOString()}::timestamptz, ${until.toISOString()}::timestamptz
      FROM (${who}) AS holder`);
  }

  /** A session that is open, or undefined. A revoked key ends its sessions too. */
  async find(db: Executor, sha256: Buffer, now: Date): Promise<SessionRow | undefined> {
    const [row] = await db
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
          eq(session.sha256, sha256),
          gt(session.expiresAt, now),
          or(eq(operator.id, session.operatorId), eq(apiKey.id, session.apiKeyId)),
        ),
      );
    const role = row?.operatorRole ?? row?.keyRole;
    const id = row?.operatorId ?? row?.keyId;
    if (!row || !role || !id) return undefined;
    return { publicationId: row.publicationId, id, name: row.email ?? row.keyName ?? '', role };
  }

  async end(db: Executor, sha256: Buffer): Promise<void> {
    await db.delete(session).where(eq(session.sha256, sha256));
  }

  /** Ends those that have expired. */
  async endOld(db: Executor, now: Date): Promise<void> {
    await db.delete(session).where(lt(session.expiresAt, now));
  }
}
