import type { ImapFlow } from 'imapflow';

/**
 * Moves mails of the open folder to another one, and none but these: with MOVE (RFC 6851), or a copy of which the original is expunged
 * by its UID (UIDPLUS, RFC 4315). A server that has neither can only expunge all that anybody has marked as deleted; there
 * the originals are marked and stay, until somebody's mail program expunges them.
 * @returns whether it did: else they are where they were, because the server does not let them be moved or the connection broke
 */
export async function moveMails(client: ImapFlow, uids: readonly number[], target: string): Promise<boolean> {
  const range = uids.join(',');
  const byUid = { uid: true };
  const canExpungeThese = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS');
  if (canExpungeThese) return Boolean(await client.messageMove(range, target, byUid));
  if (!(await client.messageCopy(range, target, byUid))) return false;
  return client.messageFlagsAdd(range, ['\\Deleted'], byUid);
}
