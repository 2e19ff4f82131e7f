import type { ImapFlow } from 'imapflow';

/**
 * Moves mails of the open folder to another one, and none but these: with MOVE (RFC 6851), or a copy of which the original is expunged
 * by its UID (UIDPLUS, RFC 4315). A server that has neither can only expunge all that anybody has marked as deleted; there
 * the originals are marked and stay, until somebody's mail program expunges them.
 * @throws Error the server does not let them be moved: they are where they were
 */
export async function moveMails(client: ImapFlow, uids: readonly number[], target: string): Promise<void> {
  const range = uids.join(',');
  const byUid = { uid: true };
  const canExpungeThese = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS');
  const isMoved = canExpungeThese
    ? await client.messageMove(range, target, byUid)
    : (await client.messageCopy(range, target, byUid)) &&
      (await client.messageFlagsAdd(range, ['\\Deleted'], byUid));
  if (!isMoved) throw new Error(`the server does not let mails be moved to ${target}`);
}
