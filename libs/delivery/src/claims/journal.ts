import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../outcomes/outcome.js';

/** What a claim is of: rows of an edition's ledger, or one single mail. */
export interface Claim {
  of: 'edition' | 'mail';
  /** The edition's or the mail's id. */
  id: string;
  token: string;
}

/** What one process knew of one claim when it wrote last. */
export interface JournalReading {
  path: string;
  claim: Claim;
  owner: JournalOwner;
  /** Begun on the wire and nothing heard since: in doubt. Ids of subscribers, or of the mail. */
  begun: string[];
  /** Ended with an outcome that may not have been committed. */
  ended: { id: string; outcome: Outcome }[];
  /** Milliseconds since the epoch of the last write. */
  touchedAt: number;
}

export interface JournalOwner {
  processId: string;
  pid: number;
  host: string;
  /** Of the machine's run from one boot to the next; null where the system does not tell. */
  bootId: string | null;
}

/** Journals of this process that have heard outcomes which are not in their files yet. */
const unwritten = new Set<ClaimJournal>();
let willWrite = false;

function writeAll(): void {
  willWrite = false;
  for (const journal of unwritten) journal.writeEnded();
}

/**
 * Says, in a file, which messages of a claim were begun and how they ended, before the ledger knows. Outcomes are
 * committed in bulk; if the process is killed in between, the journal tells the messages that were on the wire (at
 * most one a connection) from those that were not, and keeps the outcomes that were heard. A write is handed to the
 * kernel before the message is, so it survives the death of the process. It is not synced: a power cut may lose it,
 * and then the whole rest of the claim is in doubt.
 *
 * Outcomes that are heard in one turn of the event loop are written together, at its end, and in any case before the
 * next message is begun, in whichever claim: its connection may be the same.
 */
export class ClaimJournal {
  private closed = false;
  /** Lines of outcomes that are not in the file yet. */
  private ended = '';

  private constructor(
    private readonly path: string,
    private readonly file: number,
  ) {}

  /** Opened before the claim is made, so that there is no claim of this process without a journal. */
  static open(folder: string, claim: Claim, owner: JournalOwner): ClaimJournal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = journalPath(folder, claim.token);
    const file = openSync(path, 'wx', 0o600);
    const journal = new ClaimJournal(path, file);
    try {
      writeSync(file, `${JSON.stringify({ claim, owner })}\n`);
    } catch (error) {
      journal.close('remove');
      throw error;
    }
    return journal;
  }

  /**
   * This message is about to be handed to the connection.
   * @throws Error when it, or what was heard before in any claim, cannot be written: do not begin
   */
  begin(id: string): void {
    for (const journal of unwritten) if (journal !== this) journal.write(journal.ended);
    this.write(`${this.ended}B ${id}\n`);
  }

  /** The message ended so. */
  end(id: string, { status, dueAt, tried, inDoubt, hardBounce, code, reply }: Outcome): void {
    const outcome = { status, dueAt, tried, inDoubt, hardBounce, code, reply };
    this.ended += `E ${id} ${JSON.stringify(outcome)}\n`;
    unwritten.add(this);
    if (willWrite) return;
    willWrite = true;
    setImmediate(writeAll);
  }

  /** Writes what has ended. What cannot be written (a full disk) waits for the next time: the ledger may know it by then. */
  writeEnded(): void {
    try {
      this.write(this.ended);
    } catch {
      return; // whatever is begun next meets the same, and says it
    }
  }

  /** Writes lines, those of what has ended among them. */
  private write(lines: string): void {
    const written = writeSync(this.file, lines);
    if (written < Buffer.byteLength(lines)) {
      if (!this.ended.startsWith('\n')) this.ended = `\n${this.ended}`; // what is written next begins a line of its own
      throw new Error('the disk is full');
    }
    this.ended = '';
    unwritten.delete(this);
  }

  /** `remove` when everything of this claim is in the ledger, `keep` when it may not be. Only the first call counts. */
  close(what: 'remove' | 'keep'): void {
    if (this.closed) return;
    this.closed = true;
    if (what === 'keep') this.writeEnded();
    unwritten.delete(this);
    closeSync(this.file);
    if (what === 'remove') rmSync(this.path, { force: true });
  }
}

/** Reads the journals that lie in a folder. A last line cut off by the death of its writer is left out. */
export function readJournals(folder: string): JournalReading[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.journal'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.map((name) => readJournal(join(folder, name))).filter((reading) => reading !== undefined);
}

/** Where the journal of a claim lies, if this machine wrote it. */
export function journalPath(folder: string, token: string): string {
  return join(folder, `${token}.journal`);
}

/** @returns undefined when there is none, or its writer died before the first line was whole (and claimed nothing) */
export function readJournal(path: string): JournalReading | undefined {
  let text: string;
  let touchedAt: number;
  try {
    text = readFileSync(path, 'utf8');
    touchedAt = statSync(path).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n').slice(0, -1);
  const head = parse<{ claim: Claim; owner: JournalOwner }>(lines[0] ?? '');
  if (!head?.claim || !head.owner) return undefined;
  const begun = new Set<string>();
  const ended = new Map<string, Outcome>();
  for (const line of lines.slice(1)) {
    const [, mark, id = '', json] = /^([BE]) (\S+)(?: (.*))?$/.exec(line) ?? [];
    if (mark === 'B') begun.add(id);
    const outcome = mark === 'E' ? parse<Outcome>(json ?? '') : undefined;
    if (!outcome) continue;
    begun.delete(id);
    ended.set(id, { ...outcome, ...(outcome.dueAt ? { dueAt: new Date(outcome.dueAt) } : {}) });
  }
  return {
    path,
    ...head,
    begun: [...begun],
    ended: [...ended].map(([id, outcome]) => ({ id, outcome })),
    touchedAt,
  };
}

export function removeJournal(path: string): void {
  rmSync(path, { force: true });
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined; // cut off in the middle
  }
}
