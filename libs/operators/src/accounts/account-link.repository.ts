import { Injectable } from '@nestjs/common';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { accountLink, operator, type AccountLinkKind } from '#database/schema/index.js';

/** A link that can be used. */
export interface OpenLink {
  id: string;
  publicationId: string;
  operatorId: string | null;
  expiresAt: Date | null;
}

/** The SQL of links that work once. */
@Injectable()
export class AccountLinkRepository {
  async insert(db: Executor, row: typeof accountLink.$inferInsert): Promise<void> {
    await db.insert(accountLink).values(row);
  }

  async findOpen(db: Executor, kind: AccountLinkKind, id: string, now: Date): Promise<OpenLink | undefined> {
    const [row] = await db
      .select(columns)
      .from(accountLink)
      .where(isOpen(kind, id, now));
    return row;
  }

  /** Uses a link up: of two at once, one does. @returns undefined when it cannot be used */
  async take(tx: Executor, kind: AccountLinkKind, id: string, now: Date): Promise<OpenLink | undefined> {
    const [row] = await tx
      .update(accountLink)
      .set({ usedAt: now })
      .where(isOpen(kind, id, now))
      .returning(columns);
    return row;
  }

  /** Whoever has got a newer one, or has signed in otherwise, needs these no more. */
  async dropOf(tx: Executor, operatorId: string, kind?: AccountLinkKind): Promise<void> {
    const isKind = kind && eq(accountLink.kind, kind);
    await tx.delete(accountLink).where(and(eq(accountLink.operatorId, operatorId), isKind));
  }

  /** A new start makes a new one. */
  async dropFirstRun(tx: Executor): Promise<void> {
    await tx.delete(accountLink).where(eq(accountLink.kind, 'first-run'));
  }

  /** The operator who may reset their password by mail; undefined: there is none with this address, or they may not sign in. */
  async findWhoResets(
    db: Executor,
    email: string,
  ): Promise<{ id: string; publicationId: string; email: string } | undefined> {
    const [row] = await db
      .select({ id: operator.id, publicationId: operator.publicationId, email: operator.email })
      .from(operator)
      .where(and(sql`lower(${operator.email}) = ${email}`, eq(operator.status, 'active')));
    return row;
  }

  async deleteOld(db: Executor, now: Date): Promise<void> {
    await db
      .delete(accountLink)
      .where(sql`${accountLink.expiresAt} < ${now.toISOString()}::timestamptz - interval '30 days'`);
  }
}

const columns = {
  id: accountLink.id,
  publicationId: accountLink.publicationId,
  operatorId: accountLink.operatorId,
  expiresAt: accountLink.expiresAt,
};

function isOpen(kind: AccountLinkKind, id: string, now: Date) {
  return and(
    eq(accountLink.id, id),
    eq(accountLink.kind, kind),
    isNull(accountLink.usedAt),
    or(isNull(accountLink.expiresAt), gt(accountLink.expiresAt, now)),
  );
}
