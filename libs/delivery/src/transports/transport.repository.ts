import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, inArray, isNotNull, lt, or } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { transport, transportUse } from '#database/schema/index.js';

export type TransportRow = typeof transport.$inferSelect;
export type NewTransport = typeof transport.$inferInsert;

/** Messages allowed in the hour and the day that are running. */
export interface TransportUse {
  hour: number;
  day: number;
}

/** Transports in the database. */
@Injectable()
export class TransportRepository {
  constructor(private readonly database: Database) {}

  /** Those that may be used, resting ones too, by name. */
  async enabled(publicationId: string): Promise<TransportRow[]> {
    return this.database.db
      .select()
      .from(transport)
      .where(and(eq(transport.publicationId, publicationId), eq(transport.enabled, true)))
      .orderBy(asc(transport.name));
  }

  /** Whether there are transports that operators have made, disabled ones too, or that another process has from its SMTP_URL. */
  async areAny(publicationId: string): Promise<boolean> {
    const rows = await this.database.db
      .select({ id: transport.id })
      .from(transport)
      .where(
        and(
          eq(transport.publicationId, publicationId),
          or(eq(transport.origin, 'operator'), eq(transport.enabled, true)),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }

  /** Newest first by id. */
  async page(publicationId: string, limit: number, before?: string): Promise<TransportRow[]> {
    return this.database.db
      .select()
      .from(transport)
      .where(and(eq(transport.publicationId, publicationId), before ? lt(transport.id, before) : undefined))
      .orderBy(desc(transport.id))
      .limit(limit);
  }

  async find(publicationId: string, id: string): Promise<TransportRow | undefined> {
    const [row] = await this.database.db
      .select()
      .from(transport)
      .where(and(eq(transport.publicationId, publicationId), eq(transport.id, id)));
    return row;
  }

  /** Locks the transport until the transaction ends. */
  async lock(tx: Executor, publicationId: string, id: string): Promise<TransportRow | undefined> {
    const [row] = await tx
      .select()
      .from(transport)
      .where(and(eq(transport.publicationId, publicationId), eq(transport.id, id)))
      .for('update');
    return row;
  }

  /** The environment's transport, locked until the transaction ends. */
  async lockEnvironments(tx: Executor, publicationId: string): Promise<TransportRow | undefined> {
    const [row] = await tx
      .select()
      .from(transport)
      .where(and(eq(transport.publicationId, publicationId), eq(transport.origin, 'environment')))
      .for('update');
    return row;
  }

  /** @returns whether it was there to be made: the name was free */
  async insert(db: Executor, row: NewTransport): Promise<boolean> {
    const rows = await db.insert(transport).values(row).onConflictDoNothing().returning({ id: transport.id });
    return rows.length > 0;
  }

  /** @throws a unique violation when the name is taken */
  async update(tx: Executor, id: string, changes: Partial<NewTransport>): Promise<void> {
    await tx.update(transport).set(changes).where(eq(transport.id, id));
  }

  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(transport).where(eq(transport.id, id));
  }

  /** Notes that it failed. Its settings stay as they are, and so does `updated_at`. */
  async noteFailure(id: string, lastError: string, restingUntil: Date | null, at: Date): Promise<void> {
    await this.database.db
      .update(transport)
      .set({ lastError, lastErrorAt: at, restingUntil })
      .where(eq(transport.id, id));
  }

  /** Notes that it works, where something else was noted. */
  async noteRecovery(id: string): Promise<void> {
    await this.database.db
      .update(transport)
      .set({ lastError: null, lastErrorAt: null, restingUntil: null })
      .where(
        and(eq(transport.id, id), or(isNotNull(transport.lastError), isNotNull(transport.restingUntil))),
      );
  }

  /** @param now in the hour and the day that are asked about; both are UTC's */
  async uses(ids: readonly string[], now: Date): Promise<Map<string, TransportUse>> {
    const hour = new Date(now);
    hour.setUTCMinutes(0, 0, 0);
    const day = new Date(hour);
    day.setUTCHours(0);
    const uses = new Map(ids.map((id) => [id, { hour: 0, day: 0 }]));
    if (ids.length === 0) return uses;
    const rows = await this.database.db
      .select()
      .from(transportUse)
      .where(
        and(
          inArray(transportUse.transportId, [...ids]),
          or(
            and(eq(transportUse.period, 'hour'), eq(transportUse.startsAt, hour)),
            and(eq(transportUse.period, 'day'), eq(transportUse.startsAt, day)),
          ),
        ),
      );
    for (const { transportId, period, used } of rows) {
      const use = uses.get(transportId);
      if (use) use[period] = used;
    }
    return uses;
  }
}
