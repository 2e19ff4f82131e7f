import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a secret kept in a folder, making it on first use. Readable by its owner only. It appears whole or not at
 * all (written aside, synced, then linked), and of two processes that make it at once both use the same one.
 * @param make gives the text of a new secret
 */
export function keptSecret(folder: string, name: string, make: () => string): string {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const existing = readIfThere(path);
  if (existing) return existing;
  const aside = `${path}.${process.pid}.new`;
  const file = openSync(aside, 'w', 0o600);
  try {
    writeSync(file, `${make()}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const kept = readFileSync(path, 'utf8').trim();
  if (!kept) throw new Error(`The secret file ${path} is empty: put the secret back, or remove the file.`);
  return kept;
}

/** The application secret of an embedded installation. */
export function appSecretIn(dataDir: string): string {
  return keptSecret(dataDir, 'app-secret', () => randomBytes(48).toString('base64url'));
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
