import { startApp, type AppProcess } from '../support/app-process.js';
import { IdentityProvider, SECRET } from '../support/identity-provider.js';
import { OperatorSession } from '../support/operator-session.js';
import { eventually } from '../support/wait-for.js';

const person = (email: string, more: object = {}) => ({ email, email_verified: true, ...more });

describe('signing in at a real identity provider', () => {
  let provider: IdentityProvider;
  let app: AppProcess;

  beforeAll(async () => {
    provider = await IdentityProvider.start();
    app = await startApp({
      env: {
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'broadsheet',
        OIDC_CLIENT_SECRET: SECRET,
        OIDC_NAME: 'Newsroom ID',
        OIDC_DOMAINS: 'post.example',
        OIDC_ROLE_CLAIM: 'groups',
        OIDC_ROLES: 'desk=editor,writers=author',
      },
      readyWhen: /is ready/,
    });
    await provider.serve(`${app.url}/api/session/oidc/callback`);
  });
  afterAll(() => provider.stop());

  /** Leaves for the provider. */
  async function leave(query = '', as?: OperatorSession) {
    const headers = { cookie: as?.cookie ?? '' };
    const response = await app.fetch(`/api/session/oidc${query}`, { headers });
    expect(response.status).toBe(303);
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('broadsheet-oidc'))!;
    expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
    return { url: response.headers.get('location')!, cookie: cookie.split(';', 1)[0]! };
  }

  /** Comes back. @returns the session, and where the browser is sent */
  async function comeBack(callback: string, cookie: string) {
    const { pathname, search } = new URL(callback);
    const response = await app.fetch(pathname + search, { headers: { cookie } });
    const session = new OperatorSession(app);
    session.cookie =
      response.headers
        .getSetCookie()
        .find((one) => one.startsWith('broadsheet-session'))
        ?.split(';', 1)[0] ?? '';
    return { session, to: response.headers.get('location') ?? '' };
  }

  async function signIn(login: string) {
    const { url, cookie } = await leave();
    return comeBack(await provider.signIn(url, login), cookie);
  }

  it('says that there is one, and asks with PKCE, state and nonce', async () => {
    expect(await (await app.fetch('/api/session/ways')).json()).toEqual({ oidc: 'Newsroom ID' });
    const { searchParams } = new URL((await leave()).url);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)).toMatch(/^[\w-]{40,}$/);
  });

  it('makes an operator of whom it gives a role, and follows it when that changes', async () => {
    provider.people.set('nell', person('Nell@post.example', { name: 'Nell', groups: ['desk'] }));
    const { session, to } = await signIn('nell');
    expect(to).toBe('/admin');
    expect((await session.call('GET', '/api/session')).body).toMatchObject({
      role: 'editor',
      name: 'nell@post.example',
    });
    provider.people.set('nell', person('nell@post.example', { groups: ['writers'] }));
    const again = await signIn('nell');
    expect((await again.session.call('GET', '/api/session')).body).toMatchObject({ role: 'author' });
    expect((await session.call('GET', '/api/session')).status).toBe(401);
  });

  it('is the way in for somebody invited, who is known by the provider from then on', async () => {
    await app.api('POST', '/invitations', { email: 'ivo@post.example', role: 'analyst' });
    provider.people.set('ivo', person('ivo@post.example', { groups: ['desk'] }));
    const { session } = await signIn('ivo');
    expect((await session.call('GET', '/api/session')).body).toMatchObject({ role: 'editor' });
    provider.people.set('mallory', person('ivo@post.example', { groups: ['desk'] }));
    const other = await signIn('mallory');
    expect([other.session.cookie, other.to]).toEqual(['', '/admin?problem=other_account']);
  });

  it.each([
    [
      'whose address is not verified',
      { email: 'a@post.example', email_verified: false, groups: ['desk'] },
      'unverified',
    ],
    ['of another domain', person('a@evil.example', { groups: ['desk'] }), 'domain'],
    ['without a role', person('b@post.example', { groups: ['guests'] }), 'no_role'],
  ])('lets nobody in %s', async (_what, claims, problem) => {
    provider.people.set('stranger', claims);
    const { session, to } = await signIn('stranger');
    expect(session.cookie).toBe('');
    expect(to).toBe(`/admin?problem=${problem}`);
  });

  it('takes an answer once, from the browser that asked, and no other', async () => {
    provider.people.set('nell', person('nell@post.example', { groups: ['desk'] }));
    const [mine, foreign] = [await leave(), await leave()];
    const callback = await provider.signIn(mine.url, 'nell');
    for (const cookie of ['', foreign.cookie])
      expect((await comeBack(callback, cookie)).session.cookie).toBe('');
    const forged = new URL(callback);
    forged.searchParams.set('state', 'made-up');
    expect((await comeBack(forged.href, (await leave()).cookie)).session.cookie).toBe('');
    expect((await comeBack(callback, mine.cookie)).session.cookie).not.toBe('');
    expect((await comeBack(callback, mine.cookie)).session.cookie).toBe('');
  });

  describe('a fresh sign-in', () => {
    const isFresh = async (session: OperatorSession) =>
      (await session.api('POST', '/account/recovery-codes')).body.code !== 'fresh_sign_in_required';
    const asked = async (as: OperatorSession, login: string, change = (url: string) => url) => {
      const { url, cookie } = await leave('?again=true', as);
      return comeBack(await provider.signIn(change(url), login), cookie);
    };
    beforeEach(() => provider.people.set('nell', person('nell@post.example', { groups: ['desk'] })));

    it('is none that the provider does not date; asked again, it makes the session fresh and opens no other', async () => {
      const { session } = await signIn('nell');
      expect(await isFresh(session)).toBe(false);
      const again = await asked(session, 'nell');
      expect([again.to, again.session.cookie, await isFresh(session)]).toEqual(['/admin', '', true]);
      const { data } = (
        await app.api<{ data: { client: string }[] }>('GET', '/audit?action=sign-in%20proved')
      ).body;
      expect(data[0]?.client).toBe('127.0.0.1');
    });

    it('is none where the provider did not ask, or somebody else answered', async () => {
      const { session } = await signIn('nell');
      const silent = await asked(session, 'nell', (url) => {
        const without = new URL(url);
        for (const name of ['prompt', 'max_age']) without.searchParams.delete(name);
        return without.href;
      });
      expect([silent.to, await isFresh(session)]).toEqual(['/admin?problem=unconfirmed', false]);
      provider.people.set('pia', person('pia@post.example', { groups: ['desk'] }));
      const other = await asked(session, 'pia');
      expect([other.to, other.session.cookie, await isFresh(session)]).toEqual([
        '/admin?problem=other_person',
        '',
        false,
      ]);
    });
  });

  it('notes whom it lets in from where, and whom it does not', async () => {
    provider.people.set('max', person('max@post.example', { groups: ['desk'] }));
    await signIn('max');
    const made = await app.api<{ data: { client: string; subjectId: string }[] }>(
      'GET',
      '/audit?actor=max@post.example&action=operator%20by',
    );
    expect(made.body.data).toMatchObject([{ client: '127.0.0.1' }]);
    const id = made.body.data[0]!.subjectId;
    await app.api('PATCH', `/operators/${id}`, { status: 'disabled' });
    expect((await signIn('max')).to).toBe('/admin?problem=disabled');
    const failed = await eventually(async () => {
      const path = `/audit?subject=${id}&action=sign-in%20failed`;
      const { data } = (await app.api<{ data: { detail: object }[] }>('GET', path)).body;
      return data.length > 0 && data;
    });
    expect(failed[0]?.detail).toMatchObject({ by: 'oidc' });
    expect(app.logs.some((line) => line.includes('a sign-in failed') && line.includes('oidc'))).toBe(true);
  });
});
