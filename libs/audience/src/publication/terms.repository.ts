import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { termsVersion } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { LOCKS } from './locks.js';
import type { PageQuery } from '#kernel/input/page.js';

export type Terms = typeof termsVersion.$inferSelect;

/** SHA-256 of the UTF-8 bytes of a text, as hex. */
export function textSha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** A terms version ready to be written. */
export function newTermsRow(
  publicationId: string,
  version: number,
  locale: string,
  text: string,
  createdAt: Date,
): Terms {
  return { id: newId(), publicationId, version, locale, text, sha256: textSha256(text), createdAt };
}

@Injectable()
export class TermsRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Executor, rows: Terms[]): Promise<void> {
    await tx.insert(termsVersion).values(rows);
  }

  /** Lets one process at a time number a version, to the end of the transaction. */
  async lockNumbering(tx: Executor): Promise<void> {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCKS.terms})`);
  }

  async page(publicationId: string, page: PageQuery): Promise<Terms[]> {
    return this.database.db
      .select()
      .from(termsVersion)
      .where(
        and(
          eq(termsVersion.publicationId, publicationId),
          page.cursor ? lt(termsVersion.id, page.cursor) : undefined,
        ),
      )
      .orderBy(desc(termsVersion.id))
      .limit(page.limit + 1);
  }

  /** The newest version of each of these locales. */
  async newest(publicationId: string, locales: string[], db: Executor = this.database.db): Promise<Terms[]> {
    return db
      .selectDistinctOn([termsVersion.locale])
      .from(termsVersion)
      .where(and(eq(termsVersion.publicationId, publicationId), inArray(termsVersion.locale, locales)))
      .orderBy(termsVersion.locale, desc(termsVersion.version));
  }

  /** One version in these locales. */
  async ofVersion(publicationId: string, version: number, locales: string[]): Promise<Terms[]> {
    return this.database.db
      .select()
      .from(termsVersion)
      .where(
        and(
          eq(termsVersion.publicationId, publicationId),
          eq(termsVersion.version, version),
          inArray(termsVersion.locale, locales),
        ),
      );
  }

  /** The newest version in whatever locale, for a publication that has removed the usual ones from its list. */
  async newestOfAny(publicationId: string): Promise<Terms | undefined> {
    const [row] = await this.database.db
      .select()
      .from(termsVersion)
      .where(eq(termsVersion.publicationId, publicationId))
      .orderBy(desc(termsVersion.id))
      .limit(1);
    return row;
  }
}
