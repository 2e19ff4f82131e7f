import { Injectable } from '@nestjs/common';
import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { Database } from '#database/database.js';
import { transport, transportHook } from '#database/schema/index.js';

/** The webhook of a transport that there is. */
export type TransportHookRow = typeof transportHook.$inferSelect & { publicationId: string };

/** What comes and what is refused is noted once a second, and not a row for each: requests do not wait for one another. */
const NOTED_EVERY_MS = 1_000;

/** Webhooks of transports in the database. */
@Injectable()
export class TransportHookRepository {
  constructor(private readonly database: Database) {}

  /** @param transportId an id */
  async find(transportId: string): Promise<TransportHookRow | undefined> {
    const [row] = await this.database.db
      .select({ hook: transportHook, publicationId: transport.publicationId })
      .from(transportHook)
      .innerJoin(transport, eq(transport.id, transportHook.transportId))
      .where(eq(transportHook.transportId, transportId));
    return row && { ...row.hook, publicationId: row.publicationId };
  }

  /** In place of the one there is; what was noted of that is gone with it. */
  async put(transportId: string, provider: string, sealed: Buffer, now: Date): Promise<void> {
    const fresh = {
      provider,
      sealed,
      lastEventAt: null,
      lastRefusalAt: null,
      lastRefusal: null,
      updatedAt: now,
    };
    await this.database.db
      .insert(transportHook)
      .values({ transportId, ...fresh })
      .onConflictDoUpdate({ target: transportHook.transportId, set: fresh });
  }

  async remove(transportId: string): Promise<void> {
    await this.database.db.delete(transportHook).where(eq(transportHook.transportId, transportId));
  }

  async noteEvent(transportId: string, at: Date): Promise<void> {
    await this.database.db
      .update(transportHook)
      .set({ lastEventAt: at })
      .where(and(eq(transportHook.transportId, transportId), isDue(transportHook.lastEventAt, at)));
  }

  /** @param words of ours. @returns whether it was noted: not so soon after another */
  async noteRefusal(transportId: string, words: string, at: Date): Promise<boolean> {
    const rows = await this.database.db
      .update(transportHook)
      .set({ lastRefusal: words, lastRefusalAt: at })
      .where(and(eq(transportHook.transportId, transportId), isDue(transportHook.lastRefusalAt, at)))
      .returning({ id: transportHook.transportId });
    return rows.length > 0;
  }
}

function isDue(noted: PgColumn, now: Date) {
  return or(isNull(noted), lt(noted, new Date(now.getTime() - NOTED_EVERY_MS)));
}
