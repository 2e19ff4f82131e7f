import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClaimJournal, journalPath, readJournal, readJournals, removeJournal } from './journal.js';
import type { Outcome } from '../outcomes/outcome.js';

const owner = { processId: 'p', pid: 1, host: 'h', bootId: 'b' };
const claim = { of: 'edition', id: 'edition-1', token: 'token-1' } as const;
const accepted: Outcome = { status: 'accepted', tried: true, code: 250, reply: '250 ok' };
const later: Outcome = {
  status: 'queued',
  tried: true,
  code: 450,
  reply: '450 later',
  dueAt: new Date('2027-01-05T09:01:00.000Z'),
};

describe('ClaimJournal', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'journal-')), 'made-when-needed');
    path = journalPath(folder, claim.token);
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  function written(): ClaimJournal {
    const journal = ClaimJournal.open(folder, claim, owner);
    for (const id of ['a', 'b', 'c']) journal.begin(id);
    journal.end('a', accepted);
    journal.end('b', later);
    journal.end('d', { status: 'suppressed', tried: false, code: null, reply: 'left' });
    return journal;
  }

  it('tells what was begun and what ended, before it is closed', async () => {
    const journal = written();
    await nextTurn();
    expect(readJournals(folder)).toMatchObject([
      {
        path,
        claim,
        owner,
        begun: ['c'],
        ended: [
          { id: 'a', outcome: accepted },
          { id: 'b', outcome: later },
          { id: 'd', outcome: { status: 'suppressed' } },
        ],
      },
    ]);
    journal.close('keep');
  });

  it('has every outcome that was heard in its file before anything is begun, in whichever claim', () => {
    const journal = written();
    const other = ClaimJournal.open(folder, { ...claim, token: 'token-2' }, owner);
    expect(readJournal(path)?.ended).toEqual([]);
    other.begin('e');
    expect(readJournal(path)?.ended).toHaveLength(3);
    journal.end('c', accepted);
    journal.begin('f');
    expect(readJournal(path)).toMatchObject({ begun: ['f'], ended: [{}, {}, {}, { id: 'c' }] });
    for (const one of [journal, other]) one.close('remove');
  });

  it('begins nothing while what another claim heard cannot be written', () => {
    const journal = written();
    const other = ClaimJournal.open(folder, { ...claim, token: 'token-2' }, owner);
    closeSync((journal as unknown as { file: number }).file);
    expect(() => other.begin('e')).toThrow('EBADF');
    expect(readJournal(journalPath(folder, 'token-2'))?.begun).toEqual([]);
    expect(() => journal.close('remove')).toThrow('EBADF');
    other.close('remove');
  });

  it('holds no address', () => {
    written().close('keep');
    expect(readFileSync(path, 'utf8')).not.toContain('@');
  });

  it('leaves out a last line that was cut off, wherever', () => {
    written().close('keep');
    const whole = readFileSync(path, 'utf8');
    const lines = whole.split('\n');
    const lastEnd = `E d ${JSON.stringify({ status: 'suppressed', tried: false, code: null, reply: 'left' })}\n`;
    expect(whole.endsWith(lastEnd)).toBe(true);
    for (let length = whole.length - 1; length > lines[0]!.length; length--) {
      truncateSync(path, length);
      const reading = readJournal(path)!;
      expect(reading.ended.map((one) => one.id)).not.toContain('d');
      // Begun and not known to have ended is in doubt, never forgotten.
      const begunLines = readFileSync(path, 'utf8').match(/^B .$/gm) ?? [];
      const complete = whole
        .slice(0, length)
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.startsWith('B '));
      expect(begunLines.length).toBeGreaterThanOrEqual(complete.length);
      expect(reading.begun.length + reading.ended.length).toBe(complete.length);
    }
  });

  it('knows nothing when even the first line was cut off', () => {
    written().close('keep');
    truncateSync(path, 20);
    expect(readJournal(path)).toBeUndefined();
    expect(readJournals(folder)).toEqual([]);
  });

  it('is not misled by lines that are none of its own', () => {
    written().close('keep');
    appendFileSync(path, 'nonsense\nE a {broken\nE\nB\n\n');
    expect(readJournal(path)).toMatchObject({ begun: ['c'], ended: [{ id: 'a' }, { id: 'b' }, { id: 'd' }] });
    writeFileSync(path, '{"claim":null}\n');
    expect(readJournal(path)).toBeUndefined();
  });

  it('goes when everything is in the ledger, and only the first closing counts', () => {
    const journal = written();
    journal.close('keep');
    journal.close('remove');
    expect(existsSync(path)).toBe(true);
    removeJournal(path);
    removeJournal(path);
    const other = written();
    other.close('remove');
    other.close('keep');
    expect(existsSync(path)).toBe(false);
  });

  it('is of one claim: the same token cannot be opened twice', () => {
    written().close('keep');
    expect(() => ClaimJournal.open(folder, claim, owner)).toThrow('EEXIST');
  });

  it('reads nothing where nothing is', () => {
    expect(readJournals(folder)).toEqual([]);
    expect(readJournal(path)).toBeUndefined();
  });
});
