import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { Log } from '#kernel/logger.js';
import type { OperatorMailKind } from '#rendering/operator-mail.js';
import { Outbox } from '#queue/outbox.js';
import type { DigestRow } from '../digest.repository.js';
import { SlotRepository } from './slot.repository.js';

/** Asks those who may decide, by mail. */
@Injectable()
export class SlotNotices {
  constructor(
    private readonly slots: SlotRepository,
    private readonly outbox: Outbox,
    private readonly log: Log,
  ) {}

  /**
   * Writes a mail to each owner and editor, in the caller's transaction.
   * @param about ids; `count` is how many slots are held, `reason` why an edition was paused
   * @returns the mails' ids, to be announced after the commit
   */
  async write(
    tx: Executor,
    kind: OperatorMailKind,
    { id: digestId, publicationId }: Pick<DigestRow, 'id' | 'publicationId'>,
    about: { slotId?: string; editionId?: string; count?: number; reason?: string },
  ): Promise<string[]> {
    const addresses = await this.slots.deciders(tx, publicationId);
    if (addresses.length === 0) {
      this.log.warn('a decision is waited for, and there is no operator to write to', { kind, ...about });
    }
    const { editionId, ...payload } = about;
    const ids: string[] = [];
    for (const address of addresses) {
      ids.push(
        await this.outbox.write(tx, {
          ...{ publicationId, kind, address, payload: { digestId, ...payload } },
          ...(editionId ? { editionId } : {}),
        }),
      );
    }
    return ids;
  }

  /** Call it once the transaction has committed. */
  async announce(mailIds: readonly string[]): Promise<void> {
    for (const id of mailIds) await this.outbox.announce(id);
  }
}
