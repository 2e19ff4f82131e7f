import { mayDo, type Caller } from '../rights/caller.js';
import type { Permission } from '../rights/permissions.js';

/** What an event is about, and so who hears of it: those who may read that. What is not here nobody hears. */
const HEARD_WITH: Readonly<Record<string, Permission>> = {
  'edition.changed': 'content:read',
  'edition.progress': 'content:read',
  'draft.changed': 'content:read',
  'slot.changed': 'content:read',
  'alarm.opened': 'numbers:read',
  'alarm.changed': 'numbers:read',
  'import.progress': 'readers:write',
  'bulk.progress': 'readers:write',
};

/** Whether a caller hears of an event. */
export function mayHear(caller: Caller, event: string): boolean {
  const needed = Object.hasOwn(HEARD_WITH, event) ? HEARD_WITH[event] : undefined;
  return needed !== undefined && mayDo(caller, needed);
}
