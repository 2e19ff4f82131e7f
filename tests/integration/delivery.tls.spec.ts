import { jest } from '@jest/globals';
import { HandshakeError, openSocket, type ReadySocket } from '#delivery/smtp/smtp-handshake.js';
import type { SmtpOptions } from '#delivery/smtp/smtp-options.js';
import { SmtpTransport } from '#delivery/smtp/smtp-transport.js';
import { TestAuthority, type Certificate } from '../support/certificates.js';
import { startSmtpPeer, type SmtpPeer, type SmtpPeerOptions } from '../support/smtp-peer.js';
import { listeningLog } from '../support/test-config.js';
import { trustAuthority } from '../support/trust.js';

const PASSWORD = 'tr0ub4dor&3-horse';
const AUTH = { method: 'password', user: 'news', password: PASSWORD } as const;

let authority: TestAuthority;
let good: Certificate;
let peer: SmtpPeer;
const open: ReadySocket[] = [];
beforeAll(async () => {
  authority = await TestAuthority.create();
  good = await authority.issue('IP:127.0.0.1');
});
afterAll(() => authority.remove());
beforeEach(() => trustAuthority(authority.cert));
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { socket } of open.splice(0)) socket.destroy();
  await peer.close();
});

const start = async (options: SmtpPeerOptions) => (peer = await startSmtpPeer(options));
const options = (more: Partial<SmtpOptions> = {}): SmtpOptions => ({
  host: '127.0.0.1',
  port: peer.port,
  secure: false,
  startTls: 'required',
  verifyCertificate: true,
  auth: AUTH,
  clientName: 'mail.example.org',
  ...more,
});
const connect = async (more: Partial<SmtpOptions> = {}) => {
  const ready = await openSocket(options(more), AbortSignal.timeout(20_000));
  open.push(ready);
  return ready;
};
const refusal = async (more: Partial<SmtpOptions> = {}): Promise<HandshakeError> => {
  const error: unknown = await connect(more).then(
    () => new Error('it was let in'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HandshakeError)) throw error;
  return error;
};
const commands = () => peer.steps.map((step) => step.command);

describe('TLS', () => {
  it('comes by STARTTLS before the password does', async () => {
    await start({ tls: good, auth: AUTH });
    const { socket } = await connect();
    expect(socket).toMatchObject({ encrypted: true, authorized: true });
    expect(commands()).toEqual(['CONNECT', 'EHLO', 'STARTTLS', 'EHLO', 'AUTH']);
    expect(peer.violations).toEqual([]);
  });

  it('is there from the first byte with smtps', async () => {
    await start({ tls: { ...good, implicit: true }, auth: AUTH });
    const { socket } = await connect({ secure: true });
    expect(socket).toMatchObject({ encrypted: true, authorized: true });
    expect(commands()).toEqual(['CONNECT', 'EHLO', 'AUTH']);
  });

  it.each([
    ['not offered', undefined, /^the mail server does not offer STARTTLS, and nothing is sent without: 502 /],
    [
      'refused',
      '454 4.7.0 not now',
      /^the mail server cannot do STARTTLS now, and nothing is sent without: 454 /,
    ],
  ])('is required: nothing is sent when STARTTLS is %s', async (_what, reply, words) => {
    await start({ auth: AUTH, script: ({ command }) => (command === 'STARTTLS' ? reply : undefined) });
    const error = await refusal();
    expect(error.refused).toBe(true);
    expect(error.message).toMatch(words);
    expect(commands()).toEqual(['CONNECT', 'EHLO', 'STARTTLS']);
  });

  it('is required of the transport: no message leaves, and the log says why', async () => {
    await start({ auth: AUTH });
    const { log, lines } = listeningLog();
    const transport = new SmtpTransport('news', options(), 1, log);
    const message = {
      from: 'news@example.org',
      to: 'a@example.net',
      messageId: '<1@example.org>',
      subject: 'Tides',
      stamp: () => ({ headers: Buffer.from('Subject: x\r\n'), body: [], size: 14, eightBit: false }),
    };
    expect(await transport.send(message)).toMatchObject({ kind: 'rejected-client' });
    expect(peer.accepted).toEqual([]);
    expect(commands()).not.toContain('AUTH');
    expect(lines.join('')).toContain('does not offer STARTTLS');
    expect(lines.join('')).not.toContain(PASSWORD);
    await transport.close();
  });

  const CERTIFICATES: [string, () => Promise<Certificate>, RegExp][] = [
    ['has expired', () => authority.issue('IP:127.0.0.1', 3), /certificate has expired/],
    [
      'is for another name',
      () => authority.issue('DNS:mail.example'),
      /certificate is for another name than 127\.0\.0\.1/,
    ],
    ['is not valid yet', () => authority.issue('IP:127.0.0.1', -3), /certificate is not valid yet/],
    [
      'is self-signed',
      () => Promise.resolve(authority.selfSigned('IP:127.0.0.1')),
      /certificate is self-signed/,
    ],
    ['comes from an unknown authority', unknownAuthority, /certificate comes from an unknown authority/],
  ];
  describe.each([
    ['STARTTLS', false],
    ['smtps', true],
  ])('by %s', (_how, secure) => {
    it.each(CERTIFICATES)('refuses a certificate that %s, and says so', async (_what, make, words) => {
      await start({ tls: { ...(await make()), implicit: secure }, auth: AUTH });
      const error = await refusal({ secure });
      expect(error.message).toMatch(words);
      expect(error).toMatchObject({ refused: true, code: null });
      expect(commands()).not.toContain('AUTH');
      expect(peer.violations).toEqual([]);
    });
  });

  it('takes any certificate only when told so by name', async () => {
    await start({ tls: authority.selfSigned('DNS:other.example'), auth: AUTH });
    expect((await connect({ verifyCertificate: false })).socket).toMatchObject({ encrypted: true });
  });

  it('says so when the port speaks no TLS', async () => {
    await start({ auth: AUTH });
    const error = await refusal({ secure: true });
    expect(error).toMatchObject({
      message: 'the mail server does not speak TLS on this port',
      refused: true,
    });
  });

  it('holds it for a passing trouble when the connection breaks in the handshake', async () => {
    await start({ tls: good, script: ({ command }) => (command === 'STARTTLS' ? 'drop' : undefined) });
    expect(await refusal()).toMatchObject({ refused: false });
  });

  describe('a password without it', () => {
    // Reaches this machine like a loopback address, and is not known to be one.
    const elsewhere = { host: '0.0.0.0', startTls: 'opportunistic' } as const;

    it.each([
      ['does not offer STARTTLS', undefined],
      ['fails at it', '454 4.7.0 not now'],
    ])('is not sent to a server that %s, though a message may be', async (_what, reply) => {
      const tls = reply ? { tls: good } : {};
      await start({
        ...tls,
        auth: AUTH,
        script: ({ command }) => (command === 'STARTTLS' ? reply : undefined),
      });
      const error = await refusal(elsewhere);
      expect(error).toMatchObject({ refused: true });
      expect(error.message).toContain('the password is not sent without');
      expect(commands()).not.toContain('AUTH');
      expect((await connect({ ...elsewhere, auth: null })).socket.writable).toBe(true);
    });

    it('is sent when STARTTLS is turned off by name, and to this very machine', async () => {
      await start({ auth: AUTH });
      await connect({ host: '0.0.0.0', startTls: 'off' });
      await connect({ startTls: 'opportunistic' });
      expect(commands().filter((command) => command === 'AUTH')).toHaveLength(2);
    });
  });
});

async function unknownAuthority(): Promise<Certificate> {
  const other = await TestAuthority.create();
  try {
    return await other.issue('IP:127.0.0.1');
  } finally {
    await other.remove();
  }
}
