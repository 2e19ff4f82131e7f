import { EnvironmentError, readEnvironment, VARIABLES, type VariableName } from './environment.js';

/** A wrong value of every variable that can have one. Each holds a mark that must never be printed. */
const WRONG: Record<
  Exclude<
    VariableName,
    | 'HOST'
    | 'DATA_DIR'
    | 'TRUST_PROXY'
    | 'FEEDBACK_SMTP_HOST'
    | 'OIDC_CLIENT_ID'
    | 'OIDC_CLIENT_SECRET'
    | 'OIDC_NAME'
    | 'OIDC_DOMAINS'
    | 'OIDC_ROLE_CLAIM'
  >,
  string[]
> = {
  PORT: ['SECRETMARK', '0', '65536', '-1', '80.5', '1e3', ' 80', '0x50'],
  WORKER_PORT: ['SECRETMARK', '0', '65536'],
  BASE_URL: ['SECRETMARK', 'ftp://SECRETMARK.org', 'javascript:SECRETMARK', '//SECRETMARK.org'],
  DATABASE_URL: ['SECRETMARK', 'mysql://root:SECRETMARK@db/x'],
  MIGRATION_DATABASE_URL: ['SECRETMARK', 'mysql://root:SECRETMARK@db/x'],
  DATABASE_POOL: ['SECRETMARK', '1', '201'],
  REDIS_URL: [
    'http://SECRETMARK',
    'SECRETMARK:6379',
    'redis://me:SECRETMARK@',
    'redis://SECRETMARK:1,b:2',
    'redis-cluster://me:SECRETMARK@',
    'redis-cluster://SECRETMARK:70000',
    'redis-sentinel://SECRETMARK:1',
  ],
  SMTP_URL: ['smtp.SECRETMARK.org', 'http://me:SECRETMARK@mail'],
  SMTP_CONNECTIONS: ['0', '201', 'SECRETMARK'],
  MAIL_FROM: [
    'SECRETMARK',
    'Name SECRETMARK@example.org',
    'a@b',
    '<SECRETMARK>',
    'A\r\nBcc: SECRETMARK <a@b.org>',
  ],
  BOUNCE_ADDRESS: [
    'SECRETMARK',
    'twelveletter@SECRETMARK.org',
    'a+SECRETMARK@example.org',
    '@SECRETMARK.org',
  ],
  COMPLAINT_ADDRESS: ['SECRETMARK'],
  FEEDBACK_SMTP_PORT: ['SECRETMARK', '0', '65536'],
  FEEDBACK_SMTP_PROTOCOL: ['SECRETMARK'],
  FEEDBACK_SMTP_CERT: ['SECRETMARK'],
  FEEDBACK_SMTP_KEY: ['SECRETMARK'],
  FEEDBACK_IMAP_URL: [
    'SECRETMARK',
    'imaps://mail.SECRETMARK.org',
    'pop3://a:SECRETMARK@mail.example.org',
    'imaps://a:SECRETMARK@mail.example.org?tls=no',
  ],
  APP_SECRET: ['SECRETMARK', `${'x'.repeat(32)},SECRETMARK`, `${'x'.repeat(32)},`],
  OPERATOR_EMAIL: ['SECRETMARK', 'SECRETMARK@localhost'],
  OPERATOR_PASSWORD: ['SECRETMARK'],
  OPERATOR_API_KEY: ['SECRETMARK'],
  OIDC_ISSUER: ['SECRETMARK', 'ftp://SECRETMARK.org'],
  OIDC_ROLES: ['SECRETMARK', 'SECRETMARK=king', 'a=owner,SECRETMARK'],
  AUDIT_ADDRESS_DAYS: ['0', '3651', 'SECRETMARK'],
  LOG_LEVEL: ['SECRETMARK', 'INFO'],
  LOG_FORMAT: ['SECRETMARK'],
  SHUTDOWN_TIMEOUT: ['0', '3601', 'SECRETMARK'],
  SIGNUP_RATE: ['-1', 'SECRETMARK'],
  IN_DOUBT: ['SECRETMARK'],
  IMPORT_MAX_MB: ['0', '5000', 'SECRETMARK'],
  HARD_BOUNCE_LIMIT: ['0', '101', 'SECRETMARK'],
  LEASE_SECONDS: ['4', '3601', 'SECRETMARK'],
  FETCH_ALLOW: ['SECRETMARK/8', 'http://SECRETMARK', '10.0.0.0/33', '10.0.0', '10.0.0.0/8,', '300.1.1.1'],
  DNS_SERVERS: [
    'SECRETMARK',
    '192.0.2.53,',
    '192.0.2.53:0',
    '192.0.2.53:65536',
    '192.0.2',
    '[192.0.2.53]:53',
  ],
  DNS_BLOCK_LISTS: ['SECRETMARK', 'list.example.net,', 'http://SECRETMARK.net', '192.0.2.1'],
  METRICS_TOKEN: ['SECRETMARK'],
  ALARM_WEBHOOK_URL: ['SECRETMARK', 'mailto:SECRETMARK@example.org', 'https://me:SECRETMARK@example.org/'],
  ALARM_WEBHOOK_SECRET: [
    'SECRETMARK',
    'whsec_SECRETMARK',
    `${Buffer.alloc(32).toString('base64')}SECRETMARK`,
  ],
  SECURITY_CONTACT: ['security@example.org', 'http://example.org'],
  HTTPS_ONLY: ['SECRETMARK', '2'],
};

function failureOf(env: Record<string, string>, readFile?: (path: string) => string): EnvironmentError {
  try {
    readEnvironment(env, readFile);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('readEnvironment', () => {
  it('needs nothing at all', () => {
    expect(readEnvironment({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      DATA_DIR: './data',
      DATABASE_POOL: 10,
      TRUST_PROXY: 'false',
      LOG_LEVEL: 'info',
      SHUTDOWN_TIMEOUT: 30,
      IN_DOUBT: 'resend',
      LEASE_SECONDS: 60,
      HTTPS_ONLY: false,
    });
  });

  const cases = Object.entries(WRONG).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
  it.each(cases)('refuses %s=%j, naming it with an example and never printing the value', (name, value) => {
    const error = failureOf({ [name]: value });
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]?.name).toBe(name);
    expect(error.message).toContain(`${name}: `);
    expect(error.message).toContain(`Example: ${name}=${VARIABLES[name as VariableName].example}`);
    expect(error.message).not.toContain('SECRETMARK');
  });

  it('names every wrong variable at once', () => {
    const names = failureOf({ PORT: 'x', LOG_LEVEL: 'x', SMTP_URL: 'x' }).problems.map(
      (problem) => problem.name,
    );
    expect(names).toEqual(['PORT', 'SMTP_URL', 'LOG_LEVEL']);
  });

  it('has an example of every variable that it accepts itself', () => {
    for (const [name, { example }] of Object.entries(VARIABLES)) {
      const value = example.startsWith('the output of') ? 'x'.repeat(64) : example;
      expect(() => readEnvironment({ [name]: value })).not.toThrow();
    }
  });

  it('counts an empty value as unset', () => {
    const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '']));
    expect(readEnvironment(empty)).toEqual(readEnvironment({}));
  });

  it.each([
    ['The Harbour Post <news@example.org>', { name: 'The Harbour Post', address: 'news@example.org' }],
    ['"Post, Harbour" <news@example.org>', { name: 'Post, Harbour', address: 'news@example.org' }],
    ['news@example.org', { name: '', address: 'news@example.org' }],
    ['<news@localhost>', { name: '', address: 'news@localhost' }],
  ])('reads MAIL_FROM=%s', (text, mailbox) => {
    expect(readEnvironment({ MAIL_FROM: text }).MAIL_FROM).toEqual(mailbox);
  });
});

describe('TRUST_PROXY', () => {
  it.each(['false', '2', '10.0.0.0/8', '127.0.0.1, ::1', 'fd00::/8,loopback'])('takes %s', (text) => {
    expect(readEnvironment({ TRUST_PROXY: text }).TRUST_PROXY).toBe(text);
  });
  it.each(['yes', '10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.1,', 'loopback/8'])('refuses %s', (text) => {
    expect(failureOf({ TRUST_PROXY: text }).message).toMatch(/TRUST_PROXY: must be/);
  });
  it.each(['true', ' TRUE', '0.0.0.0/0', '10.0.0.0/8, ::/0'])('refuses %s, and says what to do', (text) => {
    expect(failureOf({ TRUST_PROXY: text }).message).toMatch(
      /TRUST_PROXY: must name the proxies.*number of proxies/,
    );
  });
});

it.each(['192.0.2.53', '192.0.2.53:5353, 2001:db8::53', '[2001:db8::53]:5353', '[::1]'])(
  'takes the DNS_SERVERS %s',
  (text) => {
    expect(readEnvironment({ DNS_SERVERS: text }).DNS_SERVERS).toBe(text);
  },
);

it.each(['https://a.example/?x', 'https://a.example/#y', 'https://me:x@a.example', 'ftp://a.example', 'x'])(
  'refuses the BASE_URL %s',
  (text) => {
    expect(failureOf({ BASE_URL: text }).message).toMatch(/BASE_URL: must/);
  },
);

describe('NAME_FILE', () => {
  const KEY = 'k'.repeat(32);

  it('names a file that holds the value, with or without a final line break', () => {
    expect(readEnvironment({ OPERATOR_API_KEY_FILE: '/run/key' }, () => `${KEY}\n`).OPERATOR_API_KEY).toBe(
      KEY,
    );
  });

  it('is checked like the value itself', () => {
    const error = failureOf({ OPERATOR_API_KEY_FILE: '/run/key' }, () => 'SECRETMARK');
    expect(error.message).toMatch(/OPERATOR_API_KEY: must have at least 32/);
    expect(error.message).not.toContain('SECRETMARK');
  });

  it('stops the start when the file cannot be read', () => {
    expect(failureOf({ APP_SECRET_FILE: '/nowhere/SECRETMARK' }).message).toMatch(
      /APP_SECRET: APP_SECRET_FILE cannot be read \(ENOENT\)/,
    );
  });

  it('does not stand beside the value itself', () => {
    const error = failureOf({ OPERATOR_API_KEY: KEY, OPERATOR_API_KEY_FILE: '/run/key' }, () => KEY);
    expect(error.message).toMatch(/given twice/);
  });
});
