import { Injectable } from '@nestjs/common';
import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { subscriber } from '#database/schema/index.js';
import { parseAddress } from '#kernel/input/address.js';

/** Looks readers up. */
@Injectable()
export class ReadersRepository {
  /** @returns id → normalised address; those who are gone are left out */
  async emailsOf(db: Executor, subscriberIds: readonly string[]): Promise<Map<string, string>> {
    if (subscriberIds.length === 0) return new Map();
    const rows = await db
      .select({ id: subscriber.id, email: subscriber.emailNormalised })
      .from(subscriber)
      .where(inArray(subscriber.id, [...subscriberIds]));
    return new Map(rows.map(({ id, email }) => [id, email]));
  }

  /** @returns normalised address → id, of those that are readers' */
  async withAddresses(
    db: Executor,
    publicationId: string,
    addresses: readonly string[],
  ): Promise<Map<string, string>> {
    const wanted = [...new Set(addresses.map(normalised).filter((its) => its !== null))];
    if (wanted.length === 0) return new Map();
    const rows = await db
      .select({ id: subscriber.id, email: subscriber.emailNormalised })
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), inArray(subscriber.emailNormalised, wanted)));
    return new Map(rows.map(({ id, email }) => [email, id]));
  }
}

/** An address as it is compared; null: it is none. */
export function normalised(address: string | null): string | null {
  if (address === null) return null;
  const parsed = parseAddress(address);
  return typeof parsed === 'string' ? null : parsed.normalised;
}
