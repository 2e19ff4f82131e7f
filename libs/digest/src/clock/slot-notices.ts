import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { DigestRow } from '../model/digest.repository.js';
import { OperatorNotices } from './operator-notices.js';

/** Asks those who may decide about a slot, by mail. */
@Injectable()
export class SlotNotices {
  constructor(private readonly notices: OperatorNotices) {}

  /**
   * Writes a mail to each owner and editor, in the caller's transaction.
   * @param about ids; `count` is how many slots are held
   * @returns the mails' ids, to be announced after the commit
   */
  async write(
    tx: Executor,
    kind: 'approval-wanted' | 'slot-held',
    { id: digestId, publicationId }: DigestRow,
    about: { slotId: string; editionId?: string; count?: number },
  ): Promise<string[]> {
    const { editionId, ...payload } = about;
    return this.notices.write(tx, kind, publicationId, { digestId, ...payload }, editionId);
  }

  /** Call it once the transaction has committed. */
  announce(mailIds: readonly string[]): Promise<void> {
    return this.notices.announce(mailIds);
  }
}
