import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileAlone, runScript } from '../../../../tests/support/script.js';
import { appSecretIn, keptSecret } from './secret-file.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'broadsheet-secret-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('keptSecret', () => {
  it('makes a secret once, for its owner only, and leaves nothing else behind', () => {
    const data = join(folder, 'new/data');
    const secret = appSecretIn(data);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(appSecretIn(data)).toBe(secret);
    expect(readdirSync(data)).toEqual(['app-secret']);
    expect(statSync(join(data, 'app-secret')).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  it('gives two names two secrets', () => {
    expect(keptSecret(folder, 'one', () => 'first')).toBe('first');
    expect(keptSecret(folder, 'two', () => 'second')).toBe('second');
    expect(keptSecret(folder, 'one', () => 'third')).toBe('first');
  });

  it('refuses an empty file: a secret that everybody knows is none', () => {
    writeFileSync(join(folder, 'app-secret'), '\n');
    expect(() => appSecretIn(folder)).toThrow(/is empty/);
  });

  it('is one secret for all processes that make it at once', async () => {
    const module = compileAlone(join(import.meta.dirname, 'secret-file.ts'), folder);
    const data = join(folder, 'data');
    mkdirSync(data);
    // All wait for the same instant, so that they really race.
    const program = `
      import { appSecretIn } from ${JSON.stringify(module)};
      while (Date.now() < ${Date.now() + 700});
      process.stdout.write(appSecretIn(${JSON.stringify(data)}));`;
    const made = await Promise.all(Array.from({ length: 4 }, () => runScript(program)));
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toHaveLength(64);
    expect(readdirSync(data)).toEqual(['app-secret']);
  });
});
