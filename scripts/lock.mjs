import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, say } from './project.mjs';

const POLL_MS = 100;

function holderOf(lock) {
  try {
    return readFileSync(join(lock, 'holder'), 'utf8');
  } catch {
    return undefined; // gone
  }
}

/** Takes a holder's lock away whole, by renaming: of several processes that try, one does. */
function takeAway(lock, holder) {
  const grave = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, grave);
  } catch {
    return; // another process was faster
  }
  // A lock taken since then by somebody else is put back: it is not the one that was found stale.
  if (holderOf(grave) !== holder) {
    try {
      renameSync(grave, lock);
    } catch {
      // yet another process holds it now
    }
  }
  rmSync(grave, { recursive: true, force: true });
}

/**
 * Runs work while holding a lock folder, waiting for another holder to finish. A dead process's lock is taken over.
 * The folder appears whole: filled aside, then renamed, which fails while there is one.
 */
export async function withLock(lock, work) {
  const me = `${process.pid} ${randomUUID()}`;
  const aside = `${lock}.${randomUUID()}`;
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  for (;;) {
    mkdirSync(aside);
    writeFileSync(join(aside, 'holder'), me);
    try {
      renameSync(aside, lock);
      break;
    } catch {
      rmSync(aside, { recursive: true, force: true });
    }
    const holder = holderOf(lock);
    if (holder !== undefined && !isAlive(Number(holder.split(' ')[0]))) {
      takeAway(lock, holder);
      continue;
    }
    if (!told) say('Waiting for another build to finish …');
    told = true;
    await pause(POLL_MS);
  }
  try {
    return await work();
  } finally {
    takeAway(lock, me);
  }
}
