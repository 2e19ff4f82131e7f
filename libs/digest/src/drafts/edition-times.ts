import { invalidField } from '#kernel/errors/errors.js';
import type { EditionChanges } from '../model/edition.repository.js';

/** @throws DomainError `invalid_input` naming `sendAt` */
export function refusePast(sendAt: Date | null | undefined, now: Date): void {
  if (sendAt && sendAt <= now)
    throw invalidField('sendAt', 'past', 'The time is past; give one in the future.');
}

/** Whether it is late is found out anew. */
export function withDeadline(deadline: Date | null): EditionChanges {
  return { deadline, lateSince: null };
}

/** @throws DomainError `invalid_input` naming `deadline` */
export function refuseDeadline(deadline: Date | null | undefined, sendAt: Date): void {
  if (deadline && deadline <= sendAt)
    throw invalidField(
      'deadline',
      'too_early',
      'The deadline is not after the time of sending; give a later one.',
    );
}
