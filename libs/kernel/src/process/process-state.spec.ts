import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { existsSync } from 'node:fs';
import { stopAfterTests } from '../../../../tests/support/leftovers.js';
import { endChild } from '../../../../tests/support/child.js';
import { eventually } from '../../../../tests/support/wait-for.js';
import { processState, startTimeOf } from './process-state.js';

const onLinux = existsSync('/proc/self/stat') ? it : it.skip;

async function started(command: string, args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  stopAfterTests(() => endChild(child, 'SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, line };
}

describe('processState', () => {
  it('is alive while it runs, dead when it is gone', () => {
    expect(['alive', 'unknown']).toContain(processState(process.pid));
    expect(processState(spawnSync(process.execPath, ['--version']).pid)).toBe('dead');
  });

  onLinux('is dead when its pid is another process by now', () => {
    expect(processState(process.pid, startTimeOf(process.pid))).toBe('alive');
    expect(processState(process.pid, '1')).toBe('dead');
  });

  onLinux('is dead when nobody collects what it left: a zombie', async () => {
    // The shell becomes a program that never asks after the child it inherits.
    const { line } = await started('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 600']);
    await eventually(() => processState(Number(line)) === 'dead');
    expect(() => process.kill(Number(line), 0)).not.toThrow(); // and yet it is there
  });

  onLinux('is ending while threads of it are left', async () => {
    const { child } = await started('python3', [
      '-c',
      `
import ctypes, os, sys, threading
def stay():
    while open('/proc/self/stat').read().split(')')[1].split()[0] != 'Z': pass
    print('first thread gone', flush=True)
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=stay).start()
ctypes.CDLL(None).pthread_exit(None)`,
    ]);
    expect(processState(child.pid as number)).toBe('ending');
    child.stdin?.end();
    await once(child, 'exit');
    expect(processState(child.pid as number)).toBe('dead');
  });

  onLinux('is never alive again once it was killed', async () => {
    for (let kill = 0; kill < 10; kill += 1) {
      const { child } = await started('sh', ['-c', 'echo up; exec sleep 600']);
      child.kill('SIGKILL');
      expect(processState(child.pid as number)).not.toBe('alive');
    }
  });
});
