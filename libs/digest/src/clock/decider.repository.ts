import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { operator } from '#database/schema/index.js';

/** Those who may decide what becomes of an edition, in the database. */
@Injectable()
export class DeciderRepository {
  /** Addresses of owners and editors who can sign in, the oldest account first. */
  async addresses(db: Executor, publicationId: string): Promise<string[]> {
    const rows = await db
      .select({ email: operator.email })
      .from(operator)
      .where(
        and(
          eq(operator.publicationId, publicationId),
          inArray(operator.role, ['owner', 'editor']),
          eq(operator.status, 'active'),
        ),
      )
      .orderBy(asc(operator.id));
    return rows.map((row) => row.email);
  }
}
