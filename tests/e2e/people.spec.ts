import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { OperatorSession } from '../support/operator-session.js';
import { Scenario } from './scenario.js';

const OWNER = { email: 'owner@post.example', password: 'correct horse battery' };
const PASSWORD = 'a wall in the fog';

interface Session {
  id: string;
  name: string;
  isCurrent: boolean;
  userAgent: string;
}
interface Entry {
  action: string;
  actorName: string | null;
  subjectId: string | null;
  client: string | null;
  detail: Record<string, unknown> | null;
}

describe('people from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let owner: OperatorSession;

  beforeAll(async () => {
    app = await startApp({ env: { OPERATOR_EMAIL: OWNER.email, OPERATOR_PASSWORD: OWNER.password } });
    as = new Scenario(app);
    owner = new OperatorSession(app, 'Desk browser');
    expect(await owner.signIn(OWNER.email, OWNER.password)).toEqual([200, undefined]);
  });

  const linkIn = async (to: string, subject: RegExp, page: string) => {
    const mail = await as.mail(to, subject);
    const token = new RegExp(`/admin/${page}/([\\w-]+)`).exec(mail.text ?? '')?.[1];
    expect(token).toBeDefined();
    return token!;
  };
  const audit = async (query = '') => (await app.api<{ data: Entry[] }>('GET', `/audit${query}`)).body.data;

  /** Somebody who has accepted an invitation, signed in. */
  async function joined(email: string, role: string): Promise<OperatorSession> {
    const made = await app.api('POST', '/operators', { email, role, password: PASSWORD });
    expect(made.status).toBe(201);
    const session = new OperatorSession(app);
    expect(await session.signIn(email, PASSWORD)).toEqual([200, undefined]);
    return session;
  }

  it('an invitation comes by mail, works once, and opens what its role may', async () => {
    const email = 'new@post.example';
    const invited = await owner.api('POST', '/invitations', { email: ' New@Post.example', role: 'editor' });
    expect(invited).toMatchObject({ status: 201, body: { email, status: 'invited', role: 'editor' } });
    const token = await linkIn(email, /invited/, 'invitation');
    const browser = new OperatorSession(app);
    expect((await browser.call('GET', `/api/invitations/${token}`)).body).toEqual({
      email,
      name: '',
      role: 'editor',
    });
    expect((await app.fetch(`/admin/invitation/${token}`)).status).toBe(200);
    const weak = await browser.call('POST', `/api/invitations/${token}`, { password: 'password1234' });
    expect(weak).toMatchObject({ status: 422, body: { errors: [{ field: 'password', code: 'common' }] } });
    const accepted = await browser.call('POST', `/api/invitations/${token}`, {
      password: PASSWORD,
      name: 'Nell',
    });
    expect(accepted).toMatchObject({ status: 200, body: { role: 'editor', name: email } });
    expect((await browser.api('GET', '/subscribers')).status).toBe(200);
    expect((await browser.api('GET', '/operators')).status).toBe(403);
    expect((await browser.call('POST', `/api/invitations/${token}`, { password: PASSWORD })).status).toBe(
      404,
    );
    expect((await browser.call('POST', '/api/invitations/nonsense', { password: PASSWORD })).status).toBe(
      404,
    );
    expect(await new OperatorSession(app).signIn(email, PASSWORD)).toEqual([200, undefined]);
  }, 180_000);

  it('who is invited again has one link that works, and cannot sign in before', async () => {
    const email = 'slow@post.example';
    await as.made('/invitations', { email, role: 'author' });
    const first = await linkIn(email, /invited/, 'invitation');
    await as.made('/invitations', { email, role: 'analyst' });
    const browser = new OperatorSession(app);
    expect((await browser.call('GET', `/api/invitations/${first}`)).status).toBe(404);
    expect((await app.api('POST', '/invitations', { email: OWNER.email, role: 'author' })).status).toBe(409);
    expect(await browser.signIn(email, PASSWORD)).toEqual([401, 'unauthorized']);
  }, 180_000);

  it('the last owner stays an owner, and others come and go', async () => {
    const { body } = await app.api<{ data: { id: string; email: string }[] }>('GET', '/operators');
    const id = body.data.find(({ email }) => email === OWNER.email)?.id ?? '';
    for (const refused of [
      app.api('DELETE', `/operators/${id}`),
      app.api('PATCH', `/operators/${id}`, { role: 'editor' }),
      app.api('PATCH', `/operators/${id}`, { status: 'disabled' }),
    ]) {
      expect(await refused).toMatchObject({ status: 409, body: { state: 'last_owner' } });
    }
    const analyst = await joined('numbers@post.example', 'analyst');
    const its = (await analyst.api<{ id: string }>('GET', '/account')).body.id;
    await app.api('PATCH', `/operators/${its}`, { role: 'author' });
    expect((await analyst.api('GET', '/account')).status).toBe(401);
    await app.api('PATCH', `/operators/${its}`, { status: 'disabled' });
    expect(await analyst.signIn('numbers@post.example', PASSWORD)).toEqual([401, 'unauthorized']);
    expect((await app.api('DELETE', `/operators/${its}`)).status).toBe(204);
    expect((await app.api('GET', `/operators/${its}`)).status).toBe(404);
  }, 180_000);

  it('a password is reset by mail: the same answer for everybody, once, and every session ends', async () => {
    const email = 'forgot@post.example';
    const signedIn = await joined(email, 'editor');
    const browser = new OperatorSession(app);
    const ask = (whom: string) => browser.call('POST', '/api/password-resets', { email: whom });
    const answers = [await ask(email), await ask('nobody@post.example')];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, '{"status":"pending"}'],
      [202, '{"status":"pending"}'],
    ]);
    const token = await linkIn(email, /new password/, 'reset-password');
    expect((await browser.call('GET', `/api/password-resets/${token}`)).body).toEqual({ email });
    const set = (password: string) => browser.call('POST', `/api/password-resets/${token}`, { password });
    expect((await set('short')).status).toBe(422);
    expect((await set('another wall in the fog')).status).toBe(204);
    expect((await set('yet another wall')).status).toBe(404);
    expect((await signedIn.api('GET', '/account')).status).toBe(401);
    expect(await browser.signIn(email, PASSWORD)).toEqual([401, 'unauthorized']);
    expect(await browser.signIn(email, 'another wall in the fog')).toEqual([200, undefined]);
    expect(await as.mails('nobody@post.example')).toEqual([]);
  }, 180_000);

  it('sessions are listed and ended one by one, and all others end with a new password', async () => {
    const email = 'many@post.example';
    const one = await joined(email, 'author');
    const two = new OperatorSession(app, 'Telephone');
    await two.signIn(email, PASSWORD);
    const list = async (of: OperatorSession) =>
      (await of.api<{ data: Session[] }>('GET', '/sessions')).body.data;
    expect((await list(one)).map(({ name, isCurrent, userAgent }) => [name, isCurrent, userAgent])).toEqual([
      [email, false, 'Telephone'],
      [email, true, 'Test browser'],
    ]);
    const others = (await list(owner)).map(({ name }) => name);
    expect(others).toContain(email);
    const foreign = (await list(owner)).find(({ name }) => name === OWNER.email)!;
    expect((await one.api('DELETE', `/sessions/${foreign.id}`)).status).toBe(404);
    const telephone = (await list(one)).find((its) => its.userAgent === 'Telephone')!;
    expect((await one.api('DELETE', `/sessions/${telephone.id}`)).status).toBe(204);
    expect((await two.api('GET', '/account')).status).toBe(401);

    await two.signIn(email, PASSWORD);
    const change = (current: string, password: string) =>
      one.api('POST', '/account/password', { current, password });
    expect(await change('wrong', 'a door in the wall')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'current' }] },
    });
    expect((await change(PASSWORD, 'a door in the wall')).status).toBe(204);
    expect((await one.api('GET', '/account')).status).toBe(200);
    expect((await two.api('GET', '/account')).status).toBe(401);
  }, 180_000);

  it('keys end, keep to their networks and to their limit', async () => {
    const made = (more: object) =>
      as.made<{ id: string; key: string }>('/api-keys', { name: 'k', role: 'viewer', ...more });
    const use = async (key: string) =>
      (await app.fetch('/api/v1/articles', { headers: { authorization: `Bearer ${key}` } })).status;
    const [near, far, busy] = [
      await made({ networks: ['127.0.0.0/8'] }),
      await made({ networks: ['192.0.2.0/24'] }),
      await made({ perMinute: 2 }),
    ];
    expect([await use(near.key), await use(far.key)]).toEqual([200, 403]);
    expect([await use(busy.key), await use(busy.key), await use(busy.key)]).toEqual([200, 200, 429]);
    const { body } = await app.api<{ data: { id: string }[] }>('GET', '/api-keys');
    expect(body.data.find(({ id }) => id === far.id)).toMatchObject({
      role: 'analyst',
      networks: ['192.0.2.0/24'],
      scopes: null,
      expiresAt: null,
    });
    for (const wrong of [{ networks: ['home'] }, { perMinute: 0 }, { expiresAt: '2020-01-01T00:00:00Z' }]) {
      expect((await app.api('POST', '/api-keys', { name: 'x', ...wrong })).status).toBe(422);
    }
    const browser = new OperatorSession(app);
    expect((await browser.call('POST', '/api/session', { apiKey: far.key })).status).toBe(403);
  }, 180_000);

  it('the audit says who changed what from where, without secrets, and as CSV', async () => {
    const { body: transport } = await owner.api<{ id: string }>('POST', '/transports', {
      name: 'Out',
      host: 'smtp.post.example',
      port: 587,
      security: 'tls',
      auth: { method: 'password', user: 'post', password: 'SECRETMARK-one' },
    });
    await owner.api('PATCH', `/transports/${transport.id}`, {
      name: 'Outer',
      auth: { method: 'password', user: 'post', password: 'SECRETMARK-two' },
    });
    await owner.api('DELETE', `/transports/${transport.id}`);
    const entries = await audit(`?subject=${transport.id}`);
    expect(entries.map(({ action, actorName, client }) => [action, actorName, client])).toEqual([
      ['DELETE /api/v1/transports/:id', OWNER.email, '127.0.0.1'],
      ['PATCH /api/v1/transports/:id', OWNER.email, '127.0.0.1'],
      ['POST /api/v1/transports', OWNER.email, '127.0.0.1'],
    ]);
    expect(entries[1]?.detail).toMatchObject({ name: { from: 'Out', to: 'Outer' } });
    expect(entries[2]?.detail).toMatchObject({ name: { to: 'Out' } });
    expect(JSON.stringify(await audit('?limit=200'))).not.toMatch(
      /SECRETMARK|a wall in the fog|bs_[\w-]{20}/,
    );

    const reader = await as.activeReader();
    await app.api('PATCH', `/subscribers/${reader.id}`, { name: 'Rosalind' });
    await app.api('GET', `/subscribers/${reader.id}/data`);
    const about = await audit(`?subject=${reader.id}`);
    expect(about.map(({ action }) => action)).toContain('GET /api/v1/subscribers/:id/data');
    expect(about.find(({ action }) => action.startsWith('PATCH'))?.detail).toEqual({ fields: ['name'] });
    expect(JSON.stringify(about)).not.toMatch(/Rosalind|@reader/);

    const signIns = await audit(`?action=sign-in&actor=${encodeURIComponent(OWNER.email)}`);
    expect(signIns[0]).toMatchObject({ action: 'sign-in', client: '127.0.0.1' });
    expect(await audit('?from=2099-01-01T00:00:00Z')).toEqual([]);
    const page = await app.api<{ nextCursor: string | null }>('GET', '/audit?limit=2');
    expect(
      (await app.api<{ data: unknown[] }>('GET', `/audit?limit=2&cursor=${page.body.nextCursor}`)).body.data,
    ).toHaveLength(2);
    const csv = (await owner.api('GET', '/audit/export')).text.split('\n');
    expect(csv[0]).toBe('at,actorId,actorName,action,subjectType,subjectId,client,detail');
    expect(csv.length).toBeGreaterThan(10);
    expect((await audit('?action=GET%20/api/v1/audit/export'))[0]).toMatchObject({ actorName: OWNER.email });
  }, 180_000);

  it('who is locked out gets a link on the server, while it runs and while it does not', async () => {
    const reset = (email: string) =>
      runCli(app, ['operators', 'reset-password', email], '', {
        DATA_DIR: app.dataDir,
        PORT: String(app.port),
      });
    const browser = new OperatorSession(app);
    const use = async ({ output }: { output: string }, password: string) => {
      const token = /\/admin\/reset-password\/([\w-]+)/.exec(output)?.[1];
      return (await browser.call('POST', `/api/password-resets/${token}`, { password })).status;
    };
    const running = await reset(OWNER.email);
    expect(await use(running, 'found again at last')).toBe(204);
    expect(await browser.signIn(OWNER.email, 'found again at last')).toEqual([200, undefined]);
    expect((await reset('nobody@post.example')).exitCode).toBe(1);

    await app.kill('SIGTERM');
    const stopped = await reset(OWNER.email);
    await app.restart();
    expect(await use(stopped, 'and found once more')).toBe(204);
    expect(await browser.signIn(OWNER.email, 'and found once more')).toEqual([200, undefined]);
    expect((await audit('?action=operators%20reset-password')).length).toBe(1);
  }, 180_000);
});
