import type { Role } from '../keys/api-key.service.js';

const EVERYBODY: readonly Role[] = ['owner', 'editor', 'viewer'];
const THOSE_WHO_CHANGE: readonly Role[] = ['owner', 'editor'];

/** Who hears of what: of what they may read. What is not here nobody hears. */
const HEARD_BY: Readonly<Record<string, readonly Role[]>> = {
  'edition.changed': EVERYBODY,
  'edition.progress': EVERYBODY,
  'draft.changed': EVERYBODY,
  'slot.changed': EVERYBODY,
  'alarm.opened': EVERYBODY,
  'alarm.changed': EVERYBODY,
  'import.progress': THOSE_WHO_CHANGE,
  'bulk.progress': THOSE_WHO_CHANGE,
};

/** Whether a role hears of an event. */
export function mayHear(role: Role, event: string): boolean {
  return HEARD_BY[event]?.includes(role) ?? false;
}
