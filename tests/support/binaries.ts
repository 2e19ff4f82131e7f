import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where programs live that a login's PATH may leave out. */
const FURTHER = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin'];

/**
 * The path of the first of these programs that the machine has.
 * @throws Error naming the first when there is none
 */
export function findProgram(...names: string[]): string {
  const folders = [...(process.env.PATH ?? '').split(':'), ...FURTHER];
  for (const name of names) {
    for (const folder of folders) {
      if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error(`The program ${String(names[0])} is not installed; \`npm test\` brings it on Debian.`);
}
