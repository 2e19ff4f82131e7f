import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { wrongState } from '#kernel/errors/errors.js';
import { EditionRepository } from '../model/edition.repository.js';
import { WaveRepository } from '../model/wave.repository.js';
import type { ChosenWave } from './wave.service.js';

const NOBODY = 'Nothing new for anybody.';

/** Notes the waves whose deliveries are written: their editions are being sent from then on. */
@Injectable()
export class FrozenWaves {
  constructor(
    private readonly editions: EditionRepository,
    private readonly waves: WaveRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * In the transaction that chose the wave and wrote its deliveries.
   * @param rows `recipients` of this wave; `batches` of the whole edition by now
   * @throws DomainError `wrong_state`
   */
  async note(
    tx: Executor,
    { edition, wave, at, nextAt }: ChosenWave,
    rows: { recipients: number; batches: number },
  ): Promise<void> {
    const now = this.clock.now();
    await this.waves.setRecipients(tx, edition.id, wave, rows.recipients);
    const recipients = edition.recipients + rows.recipients;
    const changes = {
      waves: wave + 1,
      lastWaveAt: at,
      nextWaveAt: nextAt,
      recipients,
      batches: rows.batches,
      startedAt: edition.startedAt ?? now,
      statusReason: null,
      updatedAt: now,
    };
    // Of articles that were named by hand it is news that they had no readers; of an edition by the clock it is not.
    const isByHand = edition.kind === 'regular' && edition.selection === 'list' && edition.slotId === null;
    const isVoid = recipients === 0 && !nextAt && !isByHand;
    const moved = isVoid
      ? await this.editions.transition(tx, edition.id, 'empty', {
          ...changes,
          statusReason: NOBODY,
          finishedAt: now,
        })
      : await this.editions.transition(tx, edition.id, 'freeze', changes);
    if (!moved) throw wrongState('The edition has changed while it was prepared.', edition.status);
  }
}
