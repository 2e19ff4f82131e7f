import type { Role } from '../keys/api-key.service.js';

/**
 * What goes beyond reading and changing, each by itself.
 * `export-readers`: all that is held about readers, with IPs and consents, as a file. Every key sees the list of readers
 * and their addresses, page by page: who answers them has to find them.
 */
export type Right = 'export-readers';

/** Least privilege: writing the newsletter needs no copy of the readers' data. */
const RIGHTS: Record<Role, readonly Right[]> = {
  owner: ['export-readers'],
  editor: [],
  viewer: [],
};

/** Whether a role has a right. */
export function mayDo(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}
