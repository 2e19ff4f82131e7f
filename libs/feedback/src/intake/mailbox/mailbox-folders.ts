import type { ImapFlow, ListResponse } from 'imapflow';

/** Where a server keeps a user's folders (RFC 2342): `INBOX.` and `.` at Courier and old Cyrus, nothing and `/` at most others. */
export interface Namespace {
  prefix: string;
  delimiter: string | null;
}

/** The path of a folder on a server. @param name as an operator writes it, with `/` between folders, with or without the prefix */
export function pathOf(name: string, { prefix, delimiter }: Namespace): string {
  if (name.toUpperCase() === 'INBOX') return 'INBOX';
  const path = delimiter === null ? name : name.replaceAll('/', delimiter);
  // INBOX is the same however it is written (RFC 3501 §5.1).
  const hasPrefix = path.toUpperCase().startsWith(prefix.toUpperCase());
  return prefix + (hasPrefix ? path.slice(prefix.length) : path);
}

/** The path of a folder that is there, else the one it would have. */
export async function findFolder(
  client: ImapFlow,
  name: string,
): Promise<{ path: string; isThere: boolean }> {
  const { prefix = '', delimiter = null } = client.namespace ?? {};
  const path = pathOf(name, { prefix, delimiter });
  if (path === 'INBOX') return { path, isThere: true }; // always
  const folders = (await client.list()).filter(holdsMail);
  const known = [name, path].find((one) => folders.some((folder) => folder.path === one));
  return { path: known ?? path, isThere: known !== undefined };
}

/** The path of a folder, made if it is not there. @throws Error why it can not be made */
export async function folderFor(client: ImapFlow, name: string): Promise<string> {
  const found = await findFolder(client, name);
  if (found.isThere) return found.path;
  try {
    return (await client.mailboxCreate(found.path)).path;
  } catch (error) {
    const again = await findFolder(client, name); // another worker was first
    if (!again.isThere) throw error;
    return again.path;
  }
}

function holdsMail({ flags }: ListResponse): boolean {
  return !flags.has('\\Noselect') && !flags.has('\\NonExistent');
}
