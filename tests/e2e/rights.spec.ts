import { startApp, type AppProcess } from '../support/app-process.js';
import { OperatorSession } from '../support/operator-session.js';
import { Scenario, someAddress } from './scenario.js';

const PASSWORD = 'four words of no kind';
const NOTHING = '01a2042d-8c31-7139-a145-527ddf507136';
const ROLES = ['owner', 'editor', 'author', 'analyst'] as const;
type Role = (typeof ROLES)[number];

/** Who may what, said once more and in other words than in the table of rights: the first that fits a call counts. */
const EXPECTED: [calls: RegExp, roles: readonly Role[]][] = [
  [/ \/(account|sessions)(\/|$)/, ROLES],
  [/ \/(api-keys|operators|invitations|audit)(\/|$)/, ['owner']],
  [/^GET \/subscribers\/(export|\{id\}\/data)$/, ['owner']],
  [/^GET \/subscribers\/counts$/, ['owner', 'editor', 'analyst']],
  [/ \/(subscribers|suppressions)(\/|$)|\/explain$/, ['owner', 'editor']],
  [/^GET \/transports/, ['owner', 'editor', 'analyst']],
  [/ \/transports(\/|$)/, ['owner']],
  [/^POST \/feedback\/messages|^POST \/alarms/, ['owner', 'editor']],
  [
    / \/(alarms|stats|deliverability|feedback|consents)(\/|$)|\/(links|deliveries|outcomes)$/,
    ['owner', 'editor', 'analyst'],
  ],
  [/^GET /, ROLES],
  [
    /^(POST|PATCH|DELETE) \/articles(\/import|\/\{id\})?$|^PATCH \/editions|\/(editions|plan)$/,
    ['owner', 'editor', 'author'],
  ],
  [/ /, ['owner', 'editor']],
];

const mayDo = (role: Role, call: string) => EXPECTED.find(([calls]) => calls.test(call))?.[1].includes(role);

describe('rights from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  const sessions = {} as Record<Role, OperatorSession>;

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
    for (const role of ROLES) {
      const email = `${role}@post.example`;
      await as.made('/operators', { email, role, password: PASSWORD, name: role });
      sessions[role] = new OperatorSession(app);
      expect(await sessions[role].signIn(email, PASSWORD)).toEqual([200, undefined]);
    }
  }, 120_000);

  it('every route is open to the roles that may, and to no other; to nobody without a session', async () => {
    const { paths } = (await (await app.fetch('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, { requestBody?: unknown }>>;
    };
    const wrong: unknown[] = [];
    let calls = 0;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { requestBody }] of Object.entries(operations)) {
        const call = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
        const url = path.replace(/\{\w+\}/g, NOTHING);
        // What would do something is sent what it cannot take: only who may is told so.
        const body = requestBody ? { rubbish: 1 } : undefined;
        const stranger = await new OperatorSession(app).call(method.toUpperCase(), url, body);
        if (stranger.status !== 401) wrong.push([call, 'nobody', stranger.status]);
        for (const role of ROLES) {
          const { status } = await sessions[role].call(method.toUpperCase(), url, body);
          calls += 1;
          const isLetIn = status !== 401 && status !== 403;
          if (isLetIn !== mayDo(role, call) || status >= 500) wrong.push([call, role, status]);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(calls).toBeGreaterThan(400);
  }, 180_000);

  it('shows no address of a reader to authors and analysts, whatever they read', async () => {
    const email = someAddress();
    const reader = await as.activeReader(email, { name: 'Rosalind Quay' });
    const digest = await as.made('/digests', { name: 'Walk' });
    await app.api('PATCH', `/subscribers/${reader.id}`, { digests: [digest.id] });
    const edition = await as.draft(digest.id, [(await as.article()).id]);
    await as.sent(edition.id);
    const { paths } = (await (await app.fetch('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const ids: Record<string, string> = { editions: edition.id, digests: digest.id, subscribers: reader.id };
    const seen: Record<string, string[]> = { owner: [], author: [], analyst: [] };
    for (const path of Object.keys(paths).filter((one) => paths[one]?.get)) {
      const kind = path.split('/').find((part) => ids[part]) ?? '';
      const url = path.replace(/\{id\}/g, ids[kind] ?? NOTHING);
      const queries = ['', `?subscriberId=${reader.id}`, `?email=${encodeURIComponent(email)}`];
      for (const role of Object.keys(seen) as Role[]) {
        for (const query of queries) {
          const { text } = await sessions[role].call('GET', url + query);
          if (text.includes(email) || text.includes('Rosalind')) seen[role]?.push(path);
        }
      }
    }
    expect(seen.owner).toContain('/api/v1/subscribers');
    expect([seen.author, seen.analyst]).toEqual([[], []]);

    const ledger = `/editions/${edition.id}/deliveries`;
    const row = async (role: Role) =>
      (await sessions[role].api<{ data: object[] }>('GET', ledger)).body.data[0];
    const masked = `${email[0]}•••${email.slice(email.indexOf('@'))}`;
    expect(await row('owner')).toMatchObject({ email, name: 'Rosalind Quay' });
    expect(await row('analyst')).toMatchObject({ email: masked, name: null });
    // Who is found by part of an address is as good as shown.
    expect((await sessions.analyst.api('GET', `${ledger}?q=${email.slice(0, 4)}`)).status).toBe(403);
    expect((await sessions.editor.api('GET', `${ledger}?q=${email.slice(0, 4)}`)).status).toBe(200);
  }, 120_000);

  it('lets an author write drafts, and nothing but drafts', async () => {
    const author = sessions.author;
    const story = { title: 'The pilot cutter', body: 'It sails again.', format: 'text' };
    const made = await author.api<{ id: string; state: string }>('POST', '/articles', story);
    expect([made.status, made.body.state]).toEqual([201, 'draft']);
    const of = `/articles/${made.body.id}`;
    expect((await author.api('POST', '/articles', { ...story, draft: false })).status).toBe(403);
    expect((await author.api('PATCH', of, { title: 'The cutter' })).status).toBe(200);
    expect((await author.api('PATCH', of, { draft: false })).status).toBe(403);
    await app.api('PATCH', of, { draft: false });
    expect((await author.api('PATCH', of, { title: 'Mine again' })).status).toBe(403);
    expect((await author.api('DELETE', of)).status).toBe(403);

    const digest = await as.made('/digests', { name: 'Drafts' });
    const drafted = await author.api<{ id: string; status: string }>(
      'POST',
      `/digests/${digest.id}/editions`,
      {
        articleIds: [made.body.id],
      },
    );
    expect([drafted.status, drafted.body.status]).toEqual([201, 'draft']);
    const edition = `/editions/${drafted.body.id}`;
    expect((await author.api('PATCH', edition, { subject: 'News of the harbour' })).status).toBe(200);
    for (const deed of ['send', 'schedule', 'cancel', 'test']) {
      expect([deed, (await author.api('POST', `${edition}/${deed}`, {})).status]).toEqual([deed, 403]);
    }
    await app.api('POST', `${edition}/schedule`, { sendAt: '2099-01-01T00:00:00Z' });
    expect((await author.api('PATCH', edition, { subject: 'Late' })).status).toBe(403);
  });

  it('of a key with scopes are those, of no role', async () => {
    const { key } = await as.made<{ key: string }>('/api-keys', { name: 'wall', scopes: ['numbers:read'] });
    const get = async (path: string) =>
      (await app.fetch(`/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([
      await get('/stats/audience'),
      await get('/alarms'),
      await get('/articles'),
      await get('/subscribers'),
    ]).toEqual([200, 200, 403, 403]);
    const both = await app.api('POST', '/api-keys', { name: 'x', role: 'owner', scopes: ['numbers:read'] });
    expect(both.status).toBe(422);
  });

  it('gives nobody more than they have', async () => {
    const { key } = await as.made<{ key: string }>('/api-keys', {
      name: 'hr',
      scopes: ['keys:manage', 'operators:manage', 'content:read', 'drafts:write', 'account:own'],
    });
    const post = async (path: string, body: object) =>
      (
        await app.fetch(`/api/v1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await post('/api-keys', { name: 'up', role: 'owner' })).toBe(403);
    expect(await post('/invitations', { email: 'up@post.example', role: 'owner' })).toBe(403);
    expect(await post('/api-keys', { name: 'down', scopes: ['content:read'] })).toBe(201);
    expect(await post('/invitations', { email: 'writer@post.example', role: 'author' })).toBe(201);
    await as.made('/invitations', { email: 'second@post.example', role: 'owner' });
    expect(await post('/invitations', { email: 'second@post.example', role: 'author' })).toBe(403);
    const revoke = async (name: string, role: string) => {
      const { id } = await as.made('/api-keys', { name, role });
      const headers = { authorization: `Bearer ${key}` };
      return (await app.fetch(`/api/v1/api-keys/${id}`, { method: 'DELETE', headers })).status;
    };
    expect(await revoke('above', 'editor')).toBe(403);
    expect(await revoke('below', 'author')).toBe(204);
  });
});
