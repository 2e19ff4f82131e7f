import type { Role } from './api-key.service.js';

/**
 * What goes beyond reading and changing, each by itself.
 * `export-readers`: all that is held about readers, addresses and IPs too, as a file.
 */
export type Right = 'export-readers';

/** Least privilege: whoever writes the newsletter needs no list of who reads it. */
const RIGHTS: Record<Role, readonly Right[]> = {
  owner: ['export-readers'],
  editor: [],
  viewer: [],
};

/** Whether a role has a right. */
export function mayDo(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}
