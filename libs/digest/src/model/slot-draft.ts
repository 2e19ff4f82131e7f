import { wrongState } from '#kernel/errors/errors.js';
import type { EditionChanges, EditionRow } from './edition.repository.js';

/** Whether it was made for a slot and waits for its time: as a draft, or for the first readers who are due. */
function waitsForSlot({ slotId, status }: EditionRow): boolean {
  return slotId !== null && (status === 'draft' || status === 'scheduled');
}

/** Sent, but still to be taken back: a draft until then. One that waits for its first readers has the time of its next wave. */
function isHeldDraft({ heldUntil, nextWaveAt }: EditionRow): boolean {
  return heldUntil !== null && nextWaveAt === null;
}

/**
 * What an order to send now says of an edition that waits for its slot; nothing of others. Before its time it becomes an
 * edition by hand, whose readers are all due at once; after it the slot's waves go out, those that are past at once.
 */
export function yesTo(edition: EditionRow, now: Date): EditionChanges {
  if (!waitsForSlot(edition)) return {};
  const isEarly = edition.sendAt !== null && now < edition.sendAt;
  return {
    ...(edition.status === 'draft' || isHeldDraft(edition) ? { approval: 'approved', approvedAt: now } : {}),
    ...(isEarly ? { slotId: null, nextWaveAt: null } : { nextWaveAt: edition.sendAt ?? now }),
  };
}

/** What a cancellation says of a draft that waits for a yes. */
export function noTo(edition: EditionRow): EditionChanges {
  return waitsForSlot(edition) && edition.approval !== null ? { approval: 'declined' } : {};
}

/** @throws DomainError `wrong_state` when its time is that of its slot */
export function refuseSlotTime(edition: EditionRow): void {
  if (!waitsForSlot(edition)) return;
  throw wrongState(
    'This edition goes out at the time of its digest’s schedule; approve, decline, send or cancel it.',
    edition.status,
  );
}
