import type { HookRequest } from '../hook.js';

/** A header by its lower-case name; of several the first. */
export function headerOf({ headers }: Pick<HookRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
