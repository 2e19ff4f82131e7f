import type { BulkAction } from '#database/schema/index.js';
import type { ReaderBulk } from './bulk.repository.js';
import type { WantedReaders } from '../finding/reader-conditions.js';

/** How consent was given, as it is kept with the task. */
export interface KeptStatement {
  source: string;
  at?: string | undefined;
}

/** What is kept of a request while it is being worked off. */
export interface BulkTask {
  readers: ReaderSelection;
  statement: KeptStatement | null;
}

/** Readers by what they are, or just these. */
export type ReaderSelection = Omit<WantedReaders, 'publicationId'> & { ids?: readonly string[] | undefined };

/** For so long it can be undone. */
export const UNDO_MS = 7 * 86_400_000;

/** Whether what was done can be taken back. Who was unsubscribed comes back only by signing up again. */
const CAN_BE_UNDONE: Record<BulkAction, boolean> = {
  unsubscribe: false,
  suppress: true,
  add_digest: true,
  remove_digest: true,
};

/** What `undo` makes of it: `cancelled` ends what is still to be done, `undoing` takes back what was. Null: nothing can be done. */
export function undoneState(
  { action, state, createdAt }: Pick<ReaderBulk, 'action' | 'state' | 'createdAt'>,
  now: Date,
): 'cancelled' | 'undoing' | null {
  const isKept = now.getTime() - createdAt.getTime() < UNDO_MS;
  if (state === 'waiting') return 'cancelled';
  if (state === 'running') return CAN_BE_UNDONE[action] ? 'undoing' : 'cancelled';
  return state === 'done' && CAN_BE_UNDONE[action] && isKept ? 'undoing' : null;
}
