import { TOTP } from 'otpauth';
import pg from 'pg';
import { startApp, type AppProcess } from '../support/app-process.js';
import { OperatorSession } from '../support/operator-session.js';
import { makeBarePostgres, type BarePostgres } from '../support/stores.js';
import { Scenario } from './scenario.js';

const PASSWORD = 'a wall in the fog';
const SECRET = 's'.repeat(32);

describe('what operators see to themselves', () => {
  let postgres: BarePostgres;
  let database: pg.Client;
  let app: AppProcess;
  let as: Scenario;

  beforeAll(async () => {
    postgres = await makeBarePostgres();
    app = await startApp({ env: { DATABASE_URL: postgres.url, APP_SECRET: SECRET } });
    as = new Scenario(app);
    database = new pg.Client(postgres.url);
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await app.stop();
    await postgres.remove();
  });

  async function joined(email: string, role = 'editor'): Promise<OperatorSession> {
    await as.made('/operators', { email, role, password: PASSWORD });
    const session = new OperatorSession(app);
    expect(await session.signIn(email, PASSWORD)).toEqual([200, undefined]);
    return session;
  }
  const textOf = async (table: string) =>
    JSON.stringify((await database.query(`SELECT * FROM ${table}`)).rows);

  it('leaves no secret in the audit nor among the kept answers, whatever is shown once', async () => {
    const ann = await joined('ann@post.example');
    const once = async <T>(path: string, body?: object) => {
      const headers = { 'idempotency-key': path };
      const first = await ann.api<T>('POST', path, body, headers);
      const again = await ann.api('POST', path, body, headers);
      expect([path, again.status, again.body]).toEqual([path, first.status, {}]);
      return first.body;
    };
    const passkey = await once<{ publicKey: { challenge: string } }>('/account/passkeys/options');
    const { secret, uri } = await once<{ secret: string; uri: string }>('/account/totp');
    const { codes } = await once<{ codes: string[] }>('/account/totp/confirm', {
      code: new TOTP({ secret }).generate(),
    });
    const { codes: more } = await once<{ codes: string[] }>('/account/recovery-codes');
    const shown = [secret, uri, passkey.publicKey.challenge, ...codes, ...more];
    expect(shown.every((text) => text.length > 9)).toBe(true);
    const stored = (await textOf('audit_entry')) + (await textOf('idempotency_key'));
    expect(stored).toContain('/account/totp/confirm');
    for (const text of shown) expect(stored).not.toContain(text);
  }, 120_000);
});
