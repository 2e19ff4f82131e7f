import { spawnSync } from 'node:child_process';
import { isDead, isWhole, THIS_PROCESS } from './process-identity.js';

const HOUR = 3_600_000;
const other = { ...THIS_PROCESS, processId: 'another' };
const gone = spawnSync(process.execPath, ['--version']).pid;

describe('isDead', () => {
  it.each([
    ['ourselves', THIS_PROCESS, 0, false],
    ['ourselves, though nothing was written for long', THIS_PROCESS, 9 * HOUR, false],
    ['a process that has ended', { ...other, pid: gone }, 0, true],
    ['a living process', { ...other, pid: process.ppid }, 9 * HOUR, false],
    ['an earlier process with our own pid', other, 0, true],
    [
      'a process of an earlier boot, though its pid lives',
      { ...other, pid: process.ppid, bootId: 'earlier' },
      0,
      true,
    ],
    ['one of another machine, heard of lately', { ...other, host: 'elsewhere', pid: gone }, HOUR / 2, false],
    ['one of another machine, not heard of for long', { ...other, host: 'elsewhere' }, 2 * HOUR, true],
  ])('%s', (_who, owner, silentMs, dead) => {
    const now = Date.now();
    expect(isDead(owner, now - silentMs, now)).toBe(dead);
  });
});

describe('isWhole', () => {
  it('is what was written since the machine started', () => {
    expect(isWhole(other)).toBe(true);
    expect(isWhole({ ...other, bootId: 'earlier' })).toBe(false);
  });
});
