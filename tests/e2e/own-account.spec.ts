import { TOTP } from 'otpauth';
import pg from 'pg';
import { startApp, type AppProcess } from '../support/app-process.js';
import { OperatorSession } from '../support/operator-session.js';
import { SoftPasskey, type Lies } from '../support/soft-passkey.js';
import { makeBarePostgres, type BarePostgres } from '../support/stores.js';
import { eventually } from '../support/wait-for.js';
import { Scenario } from './scenario.js';

const PASSWORD = 'a wall in the fog';
const OTHER = 'a door in the wall';
const SECRET = 's'.repeat(32);
const NOTHING = '01a2042d-8c31-7139-a145-527ddf507136';

/** What needs a fresh sign-in, said once more than in the table of rights. */
const FRESH: [method: string, path: string][] = [
  ['POST', '/account/totp'],
  ['DELETE', '/account/totp'],
  ['POST', '/account/recovery-codes'],
  ['POST', '/account/passkeys/options'],
  ['DELETE', `/account/passkeys/${NOTHING}`],
  ['POST', '/api-keys'],
  ['DELETE', `/api-keys/${NOTHING}`],
  ['GET', '/audit/export'],
  ['POST', '/operators'],
  ['PATCH', `/operators/${NOTHING}`],
  ['DELETE', `/operators/${NOTHING}`],
  ['POST', `/operators/${NOTHING}/reset-link`],
  ['DELETE', `/operators/${NOTHING}/second-factors`],
  ['POST', '/invitations'],
  ['GET', '/subscribers/export'],
  ['GET', `/subscribers/${NOTHING}/data`],
  ['POST', '/transports'],
  ['PATCH', `/transports/${NOTHING}`],
  ['DELETE', `/transports/${NOTHING}`],
  ['POST', `/transports/${NOTHING}/test`],
  ['POST', `/transports/${NOTHING}/dkim`],
  ['DELETE', `/transports/${NOTHING}/dkim/s1`],
  ['PUT', `/transports/${NOTHING}/hook`],
  ['DELETE', `/transports/${NOTHING}/hook`],
];
/** Mails take a while on a busy machine. */
const PATIENT = { timeoutMs: 30_000 };
const IS_FRESH = 'fresh_sign_in_required';

interface Entry {
  action: string;
  actorName: string | null;
  client: string | null;
  detail: { by?: string } | null;
}

describe('what operators see to themselves', () => {
  let postgres: BarePostgres;
  let database: pg.Client;
  let app: AppProcess;
  let as: Scenario;
  /** A passkey belongs to a name, never to an address. */
  let site: string;

  beforeAll(async () => {
    postgres = await makeBarePostgres();
    app = await startApp({
      env: { DATABASE_URL: postgres.url, APP_SECRET: SECRET, BASE_URL: undefined, TRUST_PROXY: 'loopback' },
    });
    site = `http://localhost:${app.port}`;
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

  const rows = async <T>(query: string, values: unknown[] = []) =>
    (await database.query(query, values)).rows as T[];
  /** As if all had signed in long ago. */
  const age = () => database.query("UPDATE session SET proved_at = now() - interval '11 minutes'");
  const isFresh = async (of: OperatorSession) => {
    const { status, body } = await of.api('POST', '/account/recovery-codes');
    if (body.code === IS_FRESH) return false;
    expect(status).toBe(409); // there is no app, which is asked after that
    return true;
  };
  const idOf = async (email: string) =>
    (await rows<{ id: string }>('SELECT id FROM operator WHERE email = $1', [email]))[0]!.id;
  const entriesAbout = async (email: string, action: string) => {
    const found = await app.api<{ data: Entry[] }>(
      'GET',
      `/audit?subject=${await idOf(email)}&action=${encodeURIComponent(action)}`,
    );
    return found.body.data;
  };
  const from = (ip: string) => ({ 'x-forwarded-for': ip });

  describe('a fresh sign-in', () => {
    it('is asked for by all that gives power over the rest, and by nothing a key calls', async () => {
      const owner = await joined('fresh@post.example', 'owner');
      await age();
      for (const [method, path] of FRESH) {
        const { status, body } = await owner.api(method, path);
        expect([method, path, status, body.code]).toEqual([method, path, 403, IS_FRESH]);
      }
      const move = (baseUrl: string) => owner.api('PATCH', '/publication', { baseUrl });
      expect((await move('https://elsewhere.example')).body.code).toBe(IS_FRESH);
      expect((await owner.api('PATCH', '/publication', { name: 'The Post' })).status).toBe(200);
      expect((await app.api('POST', '/api-keys', { name: 'k' })).status).toBe(201);
    }, 120_000);

    it('is proved by password, by code and by recovery code; what is wrong proves nothing, and is noted', async () => {
      const email = 'proves@post.example';
      const who = await joined(email);
      const prove = (proof: object) => who.call('POST', '/api/session/fresh', proof);
      await age();
      expect(await isFresh(who)).toBe(false);
      expect((await prove({ password: 'wrong' })).status).toBe(401);
      expect(await isFresh(who)).toBe(false);
      await eventually(async () => (await entriesAbout(email, 'sign-in failed')).length === 1);
      expect((await entriesAbout(email, 'sign-in failed'))[0]?.detail).toMatchObject({ by: 'password' });
      expect((await prove({ password: PASSWORD })).status).toBe(204);
      expect(await isFresh(who)).toBe(true);
      const [proved] = await rows<{ actor_name: string }>(
        "SELECT actor_name FROM audit_entry WHERE action = 'sign-in proved' ORDER BY id DESC LIMIT 1",
      );
      expect(proved?.actor_name).toBe(email);

      const { secret } = (await who.api<{ secret: string }>('POST', '/account/totp')).body;
      const code = (steps: number) =>
        new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
      const { codes } = (
        await who.api<{ codes: string[] }>('POST', '/account/totp/confirm', { code: code(0) })
      ).body;
      for (const right of [code(1), codes[0]!]) {
        await age();
        expect((await prove({ code: '000000' })).status).toBe(401);
        expect((await prove({ code: right })).status).toBe(204);
        expect((await prove({ code: right })).status).toBe(401);
        expect((await who.api('DELETE', `/account/passkeys/${NOTHING}`)).status).toBe(404);
      }
    }, 120_000);

    it('is proved by the key that opened the session, from its networks, and by no other key', async () => {
      const made = (more: object) =>
        as.made<{ key: string }>('/api-keys', { name: 'k', role: 'owner', ...more });
      const [mine, other] = [await made({ networks: ['192.0.2.0/24'] }), await made({})];
      const browser = new OperatorSession(app);
      const call = (path: string, body: object, ip = '192.0.2.7') =>
        browser.call('POST', path, body, from(ip));
      expect((await call('/api/session', { apiKey: mine.key })).status).toBe(200);
      await age();
      const wanted = () => browser.api('POST', '/api-keys', { name: 'x' }, from('192.0.2.7'));
      expect((await wanted()).body.code).toBe(IS_FRESH);
      expect((await call('/api/session/fresh', { apiKey: other.key })).status).toBe(401);
      expect((await wanted()).body.code).toBe(IS_FRESH);
      expect((await call('/api/session/fresh', { apiKey: mine.key }, '198.51.100.1')).status).toBe(403);
      expect((await call('/api/session/fresh', { apiKey: mine.key })).status).toBe(204);
      expect((await wanted()).status).toBe(201);
    }, 120_000);

    it('is asked of who has no password yet before they set one', async () => {
      const email = 'sso@post.example';
      const who = await joined(email);
      await database.query('UPDATE operator SET password_hash = NULL WHERE email = $1', [email]);
      await age();
      const set = () => who.api('POST', '/account/password', { password: OTHER });
      expect((await set()).body.code).toBe(IS_FRESH);
      await database.query('UPDATE session SET proved_at = now()');
      expect((await set()).status).toBe(204);
      expect(await entriesAbout(email, 'POST /api/v1/account/password')).toHaveLength(1);
    }, 120_000);
  });

  describe('a passkey', () => {
    let who: OperatorSession;
    let passkey: SoftPasskey;
    const email = 'key@post.example';
    const post = <T = Record<string, unknown>>(of: OperatorSession, path: string, body: object = {}) =>
      of.call<T>('POST', path, body);
    const begun = async (of: OperatorSession) =>
      (await post<{ step: string; publicKey: { challenge: string } }>(of, '/api/session/passkey/options'))
        .body;
    const signIn = async (of: OperatorSession, lies: Lies = {}) => {
      const { step, publicKey } = await begun(of);
      return post(of, '/api/session/passkey', { step, credential: passkey.prove(publicKey.challenge, lies) });
    };
    const register = async (lies: Lies = {}) => {
      const { step, publicKey } = (
        await post<{ step: string; publicKey: { challenge: string } }>(
          who,
          '/api/v1/account/passkeys/options',
        )
      ).body;
      const credential = passkey.register(publicKey.challenge, lies);
      return who.api('POST', '/account/passkeys', { name: 'Laptop', step, credential });
    };

    beforeAll(async () => {
      who = await joined(email);
      passkey = new SoftPasskey(site);
    }, 60_000);

    it.each<[string, Lies]>([
      ['of another site', { origin: 'https://evil.example' }],
      ['whose holder was not asked', { userVerified: false }],
    ])('%s is not taken', async (_what, lies) => {
      expect(await register(lies)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'credential' }] },
      });
    });

    it('is known once, signs in, and makes a session fresh', async () => {
      expect((await register()).status).toBe(201);
      expect((await register()).status).toBe(409);
      const browser = new OperatorSession(app);
      expect(await signIn(browser)).toMatchObject({ status: 200, body: { name: email } });
      await age();
      expect(await isFresh(browser)).toBe(false);
      const cookie = browser.cookie;
      expect((await signIn(browser)).status).toBe(200);
      expect([await isFresh(browser), browser.cookie]).toEqual([true, cookie]);
    }, 60_000);

    it.each<[string, Lies]>([
      ['on a foreign page', { origin: 'https://evil.example' }],
      ['without asking its holder', { userVerified: false }],
      ['with the counter of a copy', { counter: 1 }],
    ])('proves nothing %s, which is noted', async (_what, lies) => {
      const before = (await entriesAbout(email, 'sign-in failed')).length;
      const browser = new OperatorSession(app);
      expect((await signIn(browser, lies)).status).toBe(401);
      expect(browser.cookie).toBe('');
      const [entry] = await eventually(async () => {
        const all = await entriesAbout(email, 'sign-in failed');
        return all.length > before && all;
      });
      expect(entry?.detail).toMatchObject({ by: 'passkey' });
    });

    it('proves something once: neither its answer nor its step works again', async () => {
      const { step, publicKey } = await begun(who);
      const credential = passkey.prove(publicKey.challenge);
      const use = async (its: object) =>
        (await post(new OperatorSession(app), '/api/session/passkey', its)).status;
      const other = await begun(who);
      expect(await use({ step, credential })).toBe(200);
      expect(await use({ step, credential })).toBe(401);
      expect(await use({ step: other.step, credential })).toBe(401);
    });
  });

  describe('links', () => {
    const linkIn = async (to: string, subject: RegExp, page: string, at = 0) => {
      const found = await eventually(async () => {
        const mails = (await as.mails(to)).filter((mail) => subject.test(mail.subject));
        return mails.length > at && mails;
      }, PATIENT);
      const source = (await as.source(found[0]!.id)).replace(/=\r?\n/g, '');
      return new RegExp(`/admin/${page}/([\\w-]+)`).exec(source)![1]!;
    };
    const browser = () => new OperatorSession(app);
    const ask = (email: string, ip: string) =>
      browser().call('POST', '/api/password-resets', { email }, from(ip));
    const use = async (token: string, password = OTHER) =>
      (await browser().call('POST', `/api/password-resets/${token}`, { password })).status;

    it('an invitation is over as soon as its operator has come in otherwise', async () => {
      const accept = async (token: string) => [
        (await browser().call('GET', `/api/invitations/${token}`)).status,
        (await browser().call('POST', `/api/invitations/${token}`, { password: OTHER })).status,
      ];
      const invited = async (email: string) => {
        const { id } = await as.made('/invitations', { email, role: 'editor' });
        return { id, token: await linkIn(email, /invited/, 'invitation') };
      };
      const one = await invited('linked@post.example');
      const { url } = await as.made<{ url: string }>(`/operators/${one.id}/reset-link`);
      expect(await accept(one.token)).toEqual([404, 404]);
      expect(await use(url.split('/').at(-1)!, PASSWORD)).toBe(204);
      expect(await browser().signIn('linked@post.example', PASSWORD)).toEqual([200, undefined]);

      const two = await invited('otherwise@post.example');
      await database.query("UPDATE operator SET status = 'active' WHERE id = $1", [two.id]);
      expect(await accept(two.token)).toEqual([404, 404]);
    }, 120_000);

    it('strangers void no link and use nothing up; using one, or a new password, ends all', async () => {
      const email = 'resets@post.example';
      const who = await joined(email);
      const token = async (ip: string, at: number) => {
        expect((await ask(email, ip)).status).toBe(202);
        return linkIn(email, /new password/, 'reset-password', at);
      };
      const mine = await token('192.0.2.1', 0);
      const theirs = await token('198.51.100.1', 1);
      const answers: number[] = [];
      for (let at = 0; at < 3; at++) answers.push((await ask(email, '198.51.100.1')).status);
      expect(answers).toEqual([202, 202, 429]);
      expect((await ask(email, '192.0.2.1')).status).toBe(202);
      expect(await use(mine)).toBe(204);
      expect([await use(theirs), await use(mine)]).toEqual([404, 404]);

      expect(await who.signIn(email, OTHER)).toEqual([200, undefined]);
      const again = await token('203.0.113.1', 5);
      const change = await who.api('POST', '/account/password', { current: OTHER, password: PASSWORD });
      expect(change.status).toBe(204);
      expect(await use(again)).toBe(404);
      for (let at = 0; at < 12; at++) await ask(email, `203.0.113.${at + 10}`);
      expect((await ask(email, '203.0.113.99')).status).toBe(429);
    }, 120_000);

    it('are noted with from where, and so is signing out', async () => {
      const email = 'where@post.example';
      await as.made('/invitations', { email, role: 'editor' });
      const invitation = await linkIn(email, /invited/, 'invitation');
      const who = browser();
      await who.call('POST', `/api/invitations/${invitation}`, { password: PASSWORD }, from('192.0.2.31'));
      await who.call('DELETE', '/api/session', undefined, from('192.0.2.32'));
      await ask(email, '192.0.2.33');
      const reset = await linkIn(email, /new password/, 'reset-password');
      await who.call('POST', `/api/password-resets/${reset}`, { password: OTHER }, from('192.0.2.34'));
      const { data } = (await app.api<{ data: Entry[] }>('GET', `/audit?actor=${email}`)).body;
      expect(Object.fromEntries(data.map(({ action, client }) => [action, client]))).toEqual({
        'invitation accepted': '192.0.2.31',
        'sign-in': '192.0.2.31',
        'sign-out': '192.0.2.32',
        'password reset asked for': '192.0.2.33',
        'password reset': '192.0.2.34',
      });
    }, 120_000);

    it('show themselves in the mailbox to who may see to operators, and to nobody else', async () => {
      const [editor, owner] = [
        await joined('reads@post.example'),
        await joined('runs@post.example', 'owner'),
      ];
      const email = 'hidden@post.example';
      await as.made('/invitations', { email, role: 'owner' });
      await linkIn(email, /invited/, 'invitation');
      const id = (await as.mails(email))[0]!.id;
      await as.signUp('reader@reader.example');
      await eventually(async () => (await as.mails('reader@reader.example')).length > 0, PATIENT);
      const stranger = browser();
      const sees = async (of: OperatorSession, ip?: string) => {
        const headers = ip ? from(ip) : {};
        const { status, text } = await of.call('GET', '/mailbox/messages', undefined, headers);
        const one = await of.call('GET', `/mailbox/messages/${id}.eml`, undefined, headers);
        return [status, text.includes('reader@reader.example'), text.includes(email), one.status];
      };
      expect(await sees(owner)).toEqual([200, true, true, 200]);
      expect(await sees(owner, '192.0.2.1')).toEqual([200, true, true, 200]);
      for (const one of [stranger, editor]) expect(await sees(one)).toEqual([200, true, false, 404]);
      expect(await sees(editor, '192.0.2.1')).toEqual([403, false, false, 403]);
      expect(await sees(stranger, '192.0.2.1')).toEqual([401, false, false, 401]);
    }, 120_000);
  });

  it('a key has one limit, by itself and by its session', async () => {
    const { key } = await as.made<{ key: string }>('/api-keys', {
      name: 'busy',
      role: 'analyst',
      perMinute: 4,
    });
    const browser = new OperatorSession(app);
    await browser.call('POST', '/api/session', { apiKey: key });
    const authorization = `Bearer ${key}`;
    const statuses = [
      (await browser.api('GET', '/articles')).status,
      (await app.fetch('/api/v1/articles', { headers: { authorization } })).status,
      (await browser.api('GET', '/articles')).status,
      (await browser.api('GET', '/articles')).status,
      (await browser.api('GET', '/articles')).status,
    ];
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  }, 60_000);

  it('a wrong current password is noted; guesses are forgotten with a new one, and at the code of an app they count', async () => {
    const email = 'guessed@post.example';
    const who = await joined(email);
    const change = (current: string, password: string) =>
      who.api('POST', '/account/password', { current, password });
    expect((await change('wrong', OTHER)).status).toBe(422);
    await eventually(async () => (await entriesAbout(email, 'sign-in failed')).length === 1);
    const guess = () =>
      new OperatorSession(app).call('POST', '/api/session', { email, password: 'x' }, from('192.0.2.50'));
    for (let at = 0; at < 10; at++) await guess();
    expect((await guess()).status).toBe(429);
    expect((await change(PASSWORD, OTHER)).status).toBe(204);
    expect((await guess()).status).toBe(401);

    await who.api('POST', '/account/totp');
    const confirm = async () => (await who.api('POST', '/account/totp/confirm', { code: '000000' })).status;
    for (let at = 0; at < 10; at++) expect(await confirm()).toBe(422);
    expect(await confirm()).toBe(429);
  }, 120_000);

  it('a sign-in that waits for its code is no failed one', async () => {
    const email = 'factors@post.example';
    const who = await joined(email);
    const { secret } = (await who.api<{ secret: string }>('POST', '/account/totp')).body;
    await who.api('POST', '/account/totp/confirm', { code: new TOTP({ secret }).generate() });
    const seen = app.logs.length;
    expect(await new OperatorSession(app).signIn(email, PASSWORD)).toEqual([401, 'second_factor_required']);
    const metrics = await (await app.fetch('/metrics')).text();
    expect(metrics).toMatch(/^broadsheet_sign_ins_total{result="code"} 1$/m);
    expect(metrics).toMatch(/^broadsheet_sign_ins_total{result="unavailable"} 0$/m);
    expect(app.logs.slice(seen).filter((line) => /sign-in (failed|was refused)/.test(line))).toEqual([]);
  }, 60_000);

  it('where a key is in the environment no link for a first owner lies in the log', () => {
    expect(app.logs.filter((line) => line.includes('/admin/first-run/'))).toEqual([]);
  });
});
