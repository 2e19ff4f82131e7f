import { wrongState } from '#kernel/errors.js';
import type { EditionChanges, EditionRow } from '../edition.repository.js';

/** Whether it was drafted for a slot and waits for its time. */
function isSlotDraft(edition: EditionRow): boolean {
  return edition.slotId !== null && edition.status === 'draft';
}

/**
 * What an order to send now says of a draft that was made for a slot; nothing of others. Before its time it becomes an
 * edition by hand, whose readers are all due at once; after it the slot's waves go out, those that are past at once.
 */
export function yesTo(edition: EditionRow, now: Date): EditionChanges {
  if (!isSlotDraft(edition)) return {};
  const isEarly = edition.sendAt !== null && now < edition.sendAt;
  return {
    ...{ approval: 'approved', approvedAt: now },
    ...(isEarly ? { slotId: null } : { nextWaveAt: edition.sendAt ?? now }),
  };
}

/** What a cancellation says of a draft that waits for a yes. */
export function noTo(edition: EditionRow): EditionChanges {
  return isSlotDraft(edition) && edition.approval !== null ? { approval: 'declined' } : {};
}

/** @throws DomainError `wrong_state` when its time is that of its slot */
export function refuseSlotTime(edition: EditionRow): void {
  if (!isSlotDraft(edition)) return;
  throw wrongState(
    'This draft goes out at the time of its digest’s schedule; approve, decline or send it.',
    edition.status,
  );
}
