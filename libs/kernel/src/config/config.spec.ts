import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { loadConfig } from './config.js';
import { EnvironmentError } from './environment.js';

const SECRET = 's'.repeat(32);
const OTHER = 't'.repeat(32);
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'broadsheet-config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('loadConfig', () => {
  it('makes a secret on the first start and finds it on the next', () => {
    const first = loadConfig({ DATA_DIR: folder });
    expect(first.secrets).toHaveLength(1);
    expect(first.secrets[0]?.length).toBeGreaterThanOrEqual(32);
    expect(loadConfig({ DATA_DIR: folder }).secrets).toEqual(first.secrets);
  });

  it('keeps no secret where one is given', () => {
    expect(loadConfig({ DATA_DIR: folder, APP_SECRET: `${SECRET}, ${OTHER}` }).secrets).toEqual([
      SECRET,
      OTHER,
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is frozen, part by part', () => {
    const config = loadConfig({ DATA_DIR: folder, APP_SECRET: SECRET });
    for (const part of [config, ...(Object.values(config) as unknown[])])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('derives the base URL from the port and drops a trailing slash', () => {
    expect(loadConfig({ APP_SECRET: SECRET, PORT: '8080' }).baseUrl).toBe('http://localhost:8080');
    expect(loadConfig({ APP_SECRET: SECRET, BASE_URL: 'https://news.example.org/' }).baseUrl).toBe(
      'https://news.example.org',
    );
  });

  it('turns the data folder into an absolute path and seconds into milliseconds', () => {
    const config = loadConfig({ APP_SECRET: SECRET, SHUTDOWN_TIMEOUT: '5' });
    expect(isAbsolute(config.dataDir)).toBe(true);
    expect(config.shutdownTimeoutMs).toBe(5000);
  });

  it.each([
    ['false', false],
    ['2', 2],
    ['10.0.0.0/8, 192.168.0.1', '10.0.0.0/8, 192.168.0.1'],
  ])('reads TRUST_PROXY=%s', (text, value) => {
    expect(loadConfig({ APP_SECRET: SECRET, TRUST_PROXY: text }).trustProxy).toBe(value);
  });

  it.each([
    ['APP_SECRET', { DATABASE_URL: 'postgres://db/x' }, 'is required with DATABASE_URL'],
    [
      'DATABASE_URL',
      { MIGRATION_DATABASE_URL: 'postgres://db/x' },
      'is required with MIGRATION_DATABASE_URL',
    ],
    [
      'OPERATOR_PASSWORD',
      { APP_SECRET: SECRET, OPERATOR_EMAIL: 'me@example.org' },
      'the first owner needs both',
    ],
    [
      'OPERATOR_EMAIL',
      { APP_SECRET: SECRET, OPERATOR_PASSWORD: 'a long pass phrase' },
      'the first owner needs both',
    ],
    [
      'ALARM_WEBHOOK_SECRET',
      { APP_SECRET: SECRET, ALARM_WEBHOOK_URL: 'https://alerts.example.org/' },
      'needs both',
    ],
    ['BASE_URL', { APP_SECRET: SECRET, HTTPS_ONLY: 'true' }, 'must be https'],
    ['BASE_URL', { APP_SECRET: SECRET, HTTPS_ONLY: 'true', BASE_URL: 'http://a.org' }, 'must be https'],
  ])('asks for %s where other variables need it', (name, env, problem) => {
    const load = () => loadConfig({ DATA_DIR: folder, ...env });
    expect(load).toThrow(EnvironmentError);
    expect(load).toThrow(problem);
    expect(load).toThrow(`Example: ${name}=`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads the webhook of alarms with the bare key, whsec_ before it or not', () => {
    const secret = Buffer.alloc(32, 7).toString('base64');
    for (const given of [secret, `whsec_${secret}`]) {
      const url = 'http://10.0.0.7:8080/alarms';
      const env = {
        DATA_DIR: folder,
        APP_SECRET: SECRET,
        ALARM_WEBHOOK_URL: url,
        ALARM_WEBHOOK_SECRET: given,
      };
      expect(loadConfig(env).alarmWebhook).toEqual({ url, secret });
    }
    expect(loadConfig({ DATA_DIR: folder, APP_SECRET: SECRET }).alarmWebhook).toBeNull();
  });
});
