import type { Executor } from '#database/database.js';
import { newId } from '#kernel/ids.js';
import type { AccountLinkRepository } from './account-link.repository.js';

/** How long a password can be reset by a link. */
export const RESET_MS = 3_600_000;

/** Writes a link for a new password. Those before go on working: a stranger who asks for one by mail is not to void them. */
export async function insertResetLink(
  tx: Executor,
  links: AccountLinkRepository,
  { id: operatorId, publicationId }: { id: string; publicationId: string },
  now: Date,
): Promise<{ id: string; expiresAt: Date }> {
  const expiresAt = new Date(now.getTime() + RESET_MS);
  const id = newId();
  await links.insert(tx, { id, publicationId, kind: 'reset', operatorId, createdAt: now, expiresAt });
  return { id, expiresAt };
}
