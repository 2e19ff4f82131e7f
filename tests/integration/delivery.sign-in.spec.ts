import { jest } from '@jest/globals';
import { HandshakeError, openSocket, type ReadySocket } from '#delivery/smtp/smtp-handshake.js';
import { parseSmtpUrl, type SmtpAuth } from '#delivery/smtp/smtp-options.js';
import { SmtpTransport } from '#delivery/smtp/smtp-transport.js';
import { TestAuthority, type Certificate } from '../support/certificates.js';
import { startSmtpPeer, type SmtpPeer, type SmtpPeerOptions } from '../support/smtp-peer.js';
import { listeningLog } from '../support/test-config.js';
import { TokenEndpoint, type TokenReply } from '../support/token-endpoint.js';
import { trustAuthority } from '../support/trust.js';

const PASSWORD = 'tr0ub4dor&3-horse';
const REFRESH = 'refresh-token-0123456789';
const SECRET = 'client-secret-0123456789';
const AUTH = { method: 'password', user: 'news', password: PASSWORD } as const;

let authority: TestAuthority;
let certificate: Certificate;
let peer: SmtpPeer;
let endpoint: TokenEndpoint | undefined;
const open: ReadySocket[] = [];
beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue('IP:127.0.0.1');
});
afterAll(() => authority.remove());
beforeEach(() => trustAuthority(authority.cert));
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { socket } of open.splice(0)) socket.destroy();
  await endpoint?.close();
  endpoint = undefined;
  await peer.close();
});

const start = async (options: SmtpPeerOptions) => (peer = await startSmtpPeer(options));
const connect = async (auth: SmtpAuth) => {
  const ready = await openSocket({ ...parseSmtpUrl(peer.url), auth }, AbortSignal.timeout(20_000));
  open.push(ready);
};
const refusal = async (auth: SmtpAuth): Promise<HandshakeError> => {
  const error: unknown = await connect(auth).then(
    () => new Error('it was let in'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HandshakeError)) throw error;
  return error;
};
const mechanisms = () => peer.steps.filter((step) => step.command === 'AUTH').map((step) => step.argument);

describe('signing in with a password', () => {
  it.each([
    ['PLAIN', ['PLAIN']],
    ['LOGIN', ['LOGIN']],
    ['PLAIN', ['PLAIN', 'LOGIN']],
    ['LOGIN', ['LOGIN', 'XOAUTH2', 'GSSAPI']],
  ])('is by %s when the server offers %s', async (mechanism, offered) => {
    await start({ auth: AUTH, mechanisms: offered });
    await connect(AUTH);
    expect(mechanisms()).toEqual([mechanism]);
    expect(peer.violations).toEqual([]);
  });

  it.each(['PLAIN', 'LOGIN'])(
    'tells the server’s words when it is wrong, and not the password: %s',
    async (how) => {
      const echo = Buffer.from(`\0news\0${PASSWORD}`).toString('base64');
      await start({
        auth: { user: 'news', password: 'another' },
        mechanisms: [how],
        script: ({ command }) => (command === 'AUTH' ? `535 5.7.8 Bad: ${PASSWORD} ${echo}` : undefined),
      });
      const error = await refusal(AUTH);
      expect(error).toMatchObject({
        message: '535 5.7.8 Bad: [secret] [secret]',
        code: 535,
        refused: true,
      });
      expect(everythingIn(error)).not.toContain(PASSWORD);
      expect(everythingIn(error)).not.toContain(echo);
    },
  );
});

describe('signing in by XOAUTH2', () => {
  const account = (more: object = {}): SmtpAuth => ({
    method: 'xoauth2',
    user: 'news@example.org',
    clientId: 'broadsheet',
    clientSecret: SECRET,
    refreshToken: REFRESH,
    accessUrl: endpoint?.url ?? 'https://127.0.0.1:9/token',
    ...more,
  });
  const issue = async (reply: (count: number) => TokenReply) =>
    (endpoint = await TokenEndpoint.start(certificate, reply));
  const numbered = (count: number): TokenReply => ({
    body: { access_token: `access-token-${count}`, expires_in: 3600, token_type: 'Bearer' },
  });
  const takes = (...tokens: string[]): SmtpPeerOptions => ({
    isGoodToken: (user, token) => user === 'news@example.org' && tokens.includes(token),
  });

  it('fetches one token for all connections of an account, as RFC 6749 §6 has it', async () => {
    await start(takes('access-token-1'));
    await issue(numbered);
    const auth = account();
    await Promise.all([connect(auth), connect(auth), connect(auth)]);
    await connect(auth);
    expect(mechanisms()).toEqual(['XOAUTH2', 'XOAUTH2', 'XOAUTH2', 'XOAUTH2']);
    expect(endpoint?.asked).toEqual([
      {
        grant_type: 'refresh_token',
        client_id: 'broadsheet',
        client_secret: SECRET,
        refresh_token: REFRESH,
      },
    ]);
    expect(peer.violations).toEqual([]);
  });

  it('does so also where PLAIN and LOGIN are offered first', async () => {
    await start({ ...takes('access-token-1'), auth: AUTH });
    await issue(numbered);
    await connect(account());
    expect(mechanisms()).toEqual(['XOAUTH2']);
  });

  it('fetches another when the first is about to end', async () => {
    await start(takes('access-token-1', 'access-token-2'));
    await issue((count) => ({ body: { access_token: `access-token-${count}`, expires_in: 59 } }));
    const auth = account();
    await connect(auth);
    await connect(auth);
    expect(endpoint?.asked).toHaveLength(2);
  });

  it.each([
    ['at once, as Microsoft does', false],
    ['asking for the reason, as Google does', true],
  ])('renews a token that is refused %s, once', async (_how, asksForReason) => {
    await start({ ...takes('access-token-2'), asksForReason });
    await issue(numbered);
    const auth = account();
    await connect(auth);
    expect(endpoint?.asked).toHaveLength(2);
    await connect(auth);
    expect(endpoint?.asked).toHaveLength(2);
  });

  it.each([false, true])('gives up when the new one is refused as well', async (asksForReason) => {
    await start({ ...takes('none'), asksForReason });
    await issue(numbered);
    const error = await refusal(account());
    expect(error).toMatchObject({ refused: true, code: 535, message: '535 5.7.8 Wrong name or password' });
    expect(endpoint?.asked).toHaveLength(2);
  });

  it('renews one refused token once for many connections', async () => {
    await start(takes('access-token-2'));
    await issue(numbered);
    const auth = account();
    await Promise.all(Array.from({ length: 5 }, () => connect(auth)));
    expect(endpoint?.asked).toHaveLength(2);
  });

  it('uses a token that is given, and cannot renew it', async () => {
    const given = (accessToken: string): SmtpAuth => ({
      method: 'xoauth2',
      user: 'news@example.org',
      accessToken,
    });
    await start({ ...takes('given-token'), asksForReason: false });
    await connect(given('given-token'));
    const error = await refusal(given('stale-token'));
    expect(error).toMatchObject({ refused: true, code: 535 });
    expect(everythingIn(error)).not.toContain('stale-token');
  });

  it.each<[string, TokenReply, RegExp, boolean]>([
    [
      'no',
      { status: 400, body: { error: 'invalid_grant', error_description: `Token ${REFRESH} is revoked.` } },
      /\(400 invalid_grant: Token \[secret\] is revoked\.\)$/,
      true,
    ],
    ['a redirect', { status: 302, headers: { Location: 'https://127.0.0.1:9/' } }, /\(302\)$/, true],
    ['nothing to read', { status: 200, body: '<html>' }, /\(200\)$/, true],
    ['a token that would break the dialogue', { body: { access_token: 'a\r\nQUIT' } }, /\(200\)$/, true],
    ['that it is busy', { status: 503 }, /\(503\)$/, false],
    ['that it was asked too often', { status: 429 }, /\(429\)$/, false],
    [
      'no end of words',
      { body: 'x'.repeat(1_000_000) },
      /cannot be reached: its answer does not end$/,
      false,
    ],
  ])('says so when the endpoint says %s', async (_what, reply, words, refused) => {
    await start(takes('none'));
    await issue(() => reply);
    const error = await refusal(account());
    expect(error.message).toMatch(words);
    expect(error.refused).toBe(refused);
    expect(mechanisms()).toEqual([]);
    expect(endpoint?.asked).toHaveLength(1);
  });

  it('says so when the endpoint is not there, or is not https, or is somebody else', async () => {
    await start(takes('none'));
    expect(await refusal(account())).toMatchObject({ refused: false });
    const plain = await refusal(account({ accessUrl: 'http://127.0.0.1:9/token' }));
    expect(plain).toMatchObject({ message: 'the token endpoint is not an https URL', refused: true });
    endpoint = await TokenEndpoint.start(authority.selfSigned('IP:127.0.0.1'), numbered);
    expect((await refusal(account())).message).toContain('self-signed certificate');
    expect(endpoint.asked).toEqual([]);
  });

  it('puts no secret into the log', async () => {
    await start({
      ...takes('none'),
      script: ({ command }) => (command === 'AUTH' ? '535 5.7.8 access-token-2 is bad' : undefined),
    });
    await issue(numbered);
    const { log, lines } = listeningLog();
    const options = { ...parseSmtpUrl(peer.url), auth: account() };
    const transport = new SmtpTransport('news', options, 1, log);
    const stamp = () => ({ headers: Buffer.from('Subject: x\r\n'), body: [], size: 14, eightBit: false });
    const result = await transport.send({
      from: 'news@example.org',
      to: 'a@example.net',
      messageId: '<1@example.org>',
      subject: 'x',
      stamp,
    });
    expect(result).toEqual({ kind: 'rejected-client', code: 535, reply: '535 5.7.8 [secret] is bad' });
    for (const secret of ['access-token', REFRESH, SECRET]) expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('[secret] is bad');
    await transport.close();
  });
});

function everythingIn(error: Error): string {
  const { cause, stack, message } = error;
  const of = (one: unknown) => JSON.stringify(one, Object.getOwnPropertyNames(one ?? {}));
  return `${message} ${String(stack)} ${of(cause)} ${of(error)}`;
}
