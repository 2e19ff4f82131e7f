import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { draftContent, edition } from '#database/schema/index.js';
import { EDITION_EVENTS, type EditionEvent } from './edition-state.js';
import type { EditionChanges, EditionRow } from './edition.repository.js';

/** After these nobody needs what the draft was compiled to. */
const ENDS_DRAFT: ReadonlySet<EditionEvent> = new Set(['freeze', 'empty', 'cancel', 'fail']);

/**
 * Lets an event happen to every edition that a condition holds for, if its state allows it at the moment of the update: of
 * two at once, one happens. The only statement that changes the state of an edition.
 * @returns them as they are then
 */
export async function moveEditions(
  tx: Executor,
  event: EditionEvent,
  changes: EditionChanges & { updatedAt: Date },
  only: SQL | undefined,
): Promise<EditionRow[]> {
  const { from, to } = EDITION_EVENTS[event];
  const moved = await tx
    .update(edition)
    .set({ ...changes, status: to })
    .where(and(inArray(edition.status, [...from]), only))
    .returning();
  if (moved.length > 0 && ENDS_DRAFT.has(event)) {
    const ids = moved.map(({ id }) => id);
    await tx.delete(draftContent).where(inArray(draftContent.editionId, ids));
  }
  return moved;
}

/** As {@link moveEditions}, of one. @returns it, or undefined when it is in another state or does not exist */
export async function moveEdition(
  tx: Executor,
  id: string,
  event: EditionEvent,
  changes: EditionChanges & { updatedAt: Date },
  only?: SQL,
): Promise<EditionRow | undefined> {
  const [row] = await moveEditions(tx, event, changes, and(eq(edition.id, id), only));
  return row;
}
