import { Injectable } from '@nestjs/common';
import { asc, eq, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { publication } from '#database/schema/index.js';
import { LOCKS } from './locks.js';
import type { Publication } from './publication.schema.js';

@Injectable()
export class PublicationRepository {
  constructor(private readonly database: Database) {}

  /** The publication; of several the first one made. */
  async first(db: Executor = this.database.db): Promise<Publication | undefined> {
    const [row] = await db.select().from(publication).orderBy(asc(publication.id)).limit(1);
    return row;
  }

  /** Lets one process at a time make the publication, to the end of the transaction. */
  async lockCreation(tx: Executor): Promise<void> {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCKS.publication})`);
  }

  async insert(tx: Executor, row: typeof publication.$inferInsert): Promise<void> {
    await tx.insert(publication).values(row);
  }

  async update(tx: Executor, id: string, change: Partial<Publication>): Promise<void> {
    await tx.update(publication).set(change).where(eq(publication.id, id));
  }

  /** Reads the publication and keeps others from changing it, to the end of the transaction. */
  async lock(tx: Executor, id: string): Promise<Publication | undefined> {
    const [row] = await tx.select().from(publication).where(eq(publication.id, id)).for('update');
    return row;
  }
}
