import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { delivery } from '#database/schema/index.js';

/**
 * Stops deliveries that no worker has claimed: of readers who leave, or of an edition that is cancelled. The table is
 * delivery's; this one statement of it lies here because audience and digest, which are below delivery, need it in their
 * own transactions.
 */
export async function stopDeliveries(
  tx: Executor,
  of: { subscriberIds: readonly string[] } | { editionId: string },
  now: Date,
): Promise<void> {
  const isMeant =
    'editionId' in of
      ? eq(delivery.editionId, of.editionId)
      : inArray(delivery.subscriberId, [...of.subscriberIds]);
  await tx
    .update(delivery)
    .set({ status: 'suppressed', updatedAt: now })
    .where(and(isMeant, eq(delivery.status, 'queued')));
}
