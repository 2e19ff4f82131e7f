import { Injectable } from '@nestjs/common';
import { asc, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { wayIn } from '#database/schema/index.js';

export type WayIn = typeof wayIn.$inferSelect;

/** How it stands with the ways in that may break. */
@Injectable()
export class WayInRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<WayIn[]> {
    return this.database.db.select().from(wayIn).orderBy(asc(wayIn.name));
  }

  /** Notes that a way works, or why not. `since` stays as long as it is the same. */
  async note(name: WayIn['name'], problem: string | null, now: Date): Promise<void> {
    const isWell = problem === null;
    await this.database.db
      .insert(wayIn)
      .values({ name, isWell, since: now, problem, updatedAt: now })
      .onConflictDoUpdate({
        target: wayIn.name,
        set: {
          isWell,
          problem,
          updatedAt: now,
          since: sql`CASE WHEN ${wayIn.isWell} = excluded.is_well THEN ${wayIn.since} ELSE excluded.since END`,
        },
      });
  }

  /** A message came by it. */
  async noteMessage(name: WayIn['name'], now: Date): Promise<void> {
    await this.database.db
      .insert(wayIn)
      .values({ name, isWell: true, since: now, problem: null, lastMessageAt: now, updatedAt: now })
      .onConflictDoUpdate({ target: wayIn.name, set: { lastMessageAt: now } });
  }
}
