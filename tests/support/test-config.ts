import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '#kernel/config/config.js';
import { createLog, type Log } from '#kernel/observing/logger.js';

/** The secret of every test's configuration: never used outside tests. */
export const TEST_SECRET = 'a secret of the tests and of nothing else';

/**
 * A configuration for tests inside one process: the defaults of the product, a fixed secret and a silent log.
 * The data folder is a name that does not exist; give `dataDir` where something is to be kept.
 */
export function testConfig(overrides: Partial<Config> = {}): Config {
  const config: Config = loadConfig({
    APP_SECRET: TEST_SECRET,
    DATA_DIR: join(tmpdir(), 'broadsheet-tests-keep-nothing-here'),
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    SIGNUP_RATE: '0',
  });
  return Object.freeze(Object.assign({}, config, overrides));
}

/** A log that says nothing. */
export function silentLog(): Log {
  return createLog({ level: 'silent', format: 'json' });
}

/** A log whose lines a test can read, and the lines. */
export function listeningLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { lines, log: createLog({ level: 'trace', format: 'json' }, { write: (line) => lines.push(line) }) };
}
