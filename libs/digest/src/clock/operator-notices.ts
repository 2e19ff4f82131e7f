import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { Log } from '#kernel/observing/logger.js';
import { Outbox } from '#queue/outbox/outbox.js';
import type { OperatorMailKind } from '#rendering/mail/operator-mail.js';
import type { AlarmNotice } from './alarm-notice.js';
import { DeciderRepository } from './decider.repository.js';

/** What a mail of a kind is about: ids, and words without addresses. */
export type NoticePayload<Kind extends OperatorMailKind> = Kind extends 'alarm'
  ? AlarmNotice
  : { digestId: string } & Record<string, unknown>;

/** Tells those who may decide, by mail. */
@Injectable()
export class OperatorNotices {
  constructor(
    private readonly deciders: DeciderRepository,
    private readonly outbox: Outbox,
    private readonly log: Log,
  ) {}

  /**
   * Writes a mail to each owner and editor, in the caller's transaction.
   * @returns the mails' ids, to be announced after the commit
   */
  async write<Kind extends OperatorMailKind>(
    tx: Executor,
    kind: Kind,
    publicationId: string,
    payload: NoticePayload<Kind>,
    editionId?: string,
  ): Promise<string[]> {
    const addresses = await this.deciders.addresses(tx, publicationId);
    if (addresses.length === 0) {
      this.log.warn('there is no operator to write to', { kind, edition: editionId, ...payload });
    }
    const ids: string[] = [];
    for (const address of addresses) {
      ids.push(
        await this.outbox.write(tx, {
          publicationId,
          kind,
          address,
          payload: { ...payload },
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
