import { DomainError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { parseSmtpUrl } from '../smtp/smtp-options.js';
import {
  placeOf,
  readConnection,
  smtpAuth,
  smtpOptions,
  type Connection,
  type KnownConnection,
} from './transport-connection.js';
import type { TransportSecret } from './transport-secrets.js';
import { transportPatch } from './transport.schemas.js';

const GOOGLE = 'https://accounts.google.com/o/oauth2/token';
const OAUTH = { clientId: 'id', clientSecret: 'client secret', refreshToken: 'refresh', accessUrl: GOOGLE };
const password = { method: 'password', user: 'me', password: 'swordfish' };

const read = (known: KnownConnection | null, input: object) =>
  readConnection(known, validate(transportPatch, input));

/** The fields an input is refused for, as `field code`. */
function refusal(known: KnownConnection | null, input: object): string[] {
  try {
    read(known, input);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect(JSON.stringify(error)).not.toContain('swordfish');
    return ((error as DomainError).errors ?? []).map(({ field, code }) => `${field} ${code}`);
  }
}

const stored = (
  overrides: Partial<KnownConnection> = {},
  secret: TransportSecret | null = { password: 'swordfish' },
): KnownConnection => ({
  host: 'smtp.example.org',
  port: 587,
  security: 'starttls',
  verifyCertificate: true,
  clientName: null,
  authMethod: 'password',
  username: 'me',
  openSecret: () => secret,
  ...overrides,
});
const oauth = () => stored({ authMethod: 'xoauth2' }, OAUTH);

describe('a new connection', () => {
  it.each<[object, Partial<Connection>]>([
    [
      { host: 'smtp.example.org', security: 'tls' },
      {
        port: 465,
        verifyCertificate: true,
        clientName: null,
        authMethod: 'none',
        username: null,
        secret: null,
      },
    ],
    [
      { host: 'SMTP.Example.org', security: 'starttls' },
      { host: 'smtp.example.org', port: 587 },
    ],
    [{ host: 'localhost', security: 'opportunistic' }, { verifyCertificate: false }],
    [{ host: 'localhost', security: 'starttls' }, { verifyCertificate: true }],
    [
      { host: '[::1]', security: 'none', port: 25 },
      { host: '::1', port: 25 },
    ],
    [{ host: 'bücher.example', security: 'tls' }, { host: 'xn--bcher-kva.example' }],
    [
      { host: 'smtp.example.org', security: 'tls', auth: password },
      { authMethod: 'password', username: 'me', secret: { password: 'swordfish' } },
    ],
    [{ host: '127.0.0.1', security: 'none', auth: password }, { secret: { password: 'swordfish' } }],
    [
      { url: 'smtps://me%40x.org:swordfish@smtp.example.org' },
      {
        host: 'smtp.example.org',
        port: 465,
        security: 'tls',
        username: 'me@x.org',
        secret: { password: 'swordfish' },
      },
    ],
    [
      { url: 'smtp://relay:2525?starttls=off&name=out.example.org' },
      { host: 'relay', port: 2525, security: 'none', clientName: 'out.example.org', authMethod: 'none' },
    ],
    [
      { host: 'h', security: 'tls', auth: { method: 'xoauth2', user: 'me', ...OAUTH, accessUrl: undefined } },
      { authMethod: 'xoauth2', secret: OAUTH },
    ],
    [
      { host: 'h', security: 'tls', auth: { method: 'xoauth2', user: 'me', accessToken: 'token' } },
      { secret: { accessToken: 'token' } },
    ],
  ])('%j', (input, connection) => {
    expect(read(null, input)).toMatchObject(connection);
  });

  it.each<[object, string[]]>([
    [{}, ['host required']],
    [{ host: 'h' }, ['security required']],
    [{ host: 'h', security: 'tls', auth: { method: 'password', user: 'me' } }, ['auth.password required']],
    [{ host: 'h', security: 'tls', auth: { method: 'password', password: 'x' } }, ['auth.user required']],
    [{ host: 'h', security: 'none', auth: password }, ['security plaintext_secret']],
    [{ host: 'h', security: 'opportunistic', auth: password }, ['security plaintext_secret']],
    [{ url: 'smtp://me:swordfish@h?starttls=off' }, ['url plaintext_secret']],
    [{ url: 'smtp://me:swordfish@127.evil.example?starttls=off' }, ['url plaintext_secret']],
    [{ url: 'smtp://me:swordfish@h', host: 'h' }, ['host ambiguous']],
    [{ url: 'smtp://me:swordfish@h', auth: { method: 'none' } }, ['auth ambiguous']],
    [{ url: 'smtp://me@h' }, ['auth.password required']],
    [{ url: 'https://me:swordfish@h' }, ['url invalid_url']],
    [{ url: 'swordfish' }, ['url invalid_url']],
    [{ url: 'smtp://me:swordfish@h?starttls=maybe' }, ['url invalid_url']],
    [{ url: 'smtp://me:swordfish%@h' }, ['url invalid_url']],
    [{ url: 'smtps://me:swordfish@h:0' }, ['url invalid_url']],
    [{ url: 'smtps://me:swordfish@h?name=a%0D%0ARCPT' }, ['url invalid_url']],
    [{ host: 'h', security: 'tls', auth: { method: 'xoauth2', user: 'me' } }, ['auth.clientId required']],
    [
      {
        host: 'h',
        security: 'tls',
        auth: { method: 'xoauth2', user: 'me', accessToken: 't', clientId: 'i' },
      },
      ['auth.accessToken ambiguous'],
    ],
  ])('%j is refused', (input, errors) => {
    expect(refusal(null, input)).toEqual(errors);
  });
});

describe('a change of a connection', () => {
  it('that says nothing about it leaves it alone', () => {
    expect(read(stored(), { name: 'x', weight: 3 })).toBeNull();
  });

  it.each<[string, object, Partial<Connection>]>([
    ['another name said in EHLO keeps the secret', { clientName: 'out.example.org' }, { secret: 'kept' }],
    ['the host as it is keeps the secret', { host: 'smtp.example.org' }, { secret: 'kept', port: 587 }],
    [
      'another user keeps the secret',
      { auth: { method: 'password', user: 'you' } },
      { username: 'you', secret: 'kept' },
    ],
    [
      'a new password',
      { auth: { method: 'password', password: 'new' } },
      { username: 'me', secret: { password: 'new' } },
    ],
    [
      'no sign-in any more',
      { auth: { method: 'none' } },
      { authMethod: 'none', username: null, secret: null },
    ],
    [
      'a move with the secret',
      { host: 'b.example.org', auth: { method: 'password', password: 'new' } },
      { host: 'b.example.org', username: 'me', secret: { password: 'new' } },
    ],
    [
      'a port nobody chose goes with the security',
      { security: 'tls', auth: password },
      { port: 465, security: 'tls' },
    ],
    [
      'a URL without password, to where it leads already',
      { url: 'smtp://you@smtp.example.org' },
      { secret: 'kept', username: 'you' },
    ],
  ])('%s', (_, input, connection) => {
    expect(read(stored(), input)).toMatchObject(connection);
  });

  it.each<[object, string[]]>([
    [{ host: 'evil.example' }, ['auth.password required']],
    [{ port: 2525 }, ['auth.password required']],
    [{ security: 'tls' }, ['auth.password required']],
    [{ security: 'none' }, ['auth.password required']],
    [{ verifyCertificate: false }, ['auth.password required']],
    [{ url: 'smtp://me@evil.example' }, ['auth.password required']],
    [{ host: 'evil.example', auth: { method: 'password', user: 'me' } }, ['auth.password required']],
    [{ auth: { method: 'xoauth2', user: 'me' } }, ['auth.clientId required']],
  ])('%j would lead the secret elsewhere', (input, errors) => {
    expect(refusal(stored(), input)).toEqual(errors);
  });

  it('keeps what fetches tokens, but never sends it to another address', () => {
    expect(read(oauth(), { auth: { method: 'xoauth2', user: 'you' } })).toMatchObject({ secret: 'kept' });
    expect(read(oauth(), { auth: { method: 'xoauth2', refreshToken: 'new' } })).toMatchObject({
      secret: { ...OAUTH, refreshToken: 'new' },
    });
    const elsewhere = { method: 'xoauth2', accessUrl: 'https://evil.example/token' };
    expect(refusal(oauth(), { auth: elsewhere })).toEqual(['auth.clientId required']);
    expect(refusal(oauth(), { auth: { ...elsewhere, clientId: 'id' } })).toEqual([
      'auth.clientSecret required',
    ]);
    expect(refusal(oauth(), { host: 'evil.example' })).toEqual(['auth.clientId required']);
    expect(refusal(oauth(), { auth: { method: 'password', user: 'me' } })).toEqual([
      'auth.password required',
    ]);
  });

  it('asks for a secret again that can no longer be opened', () => {
    const lost = stored({ authMethod: 'xoauth2' }, null);
    expect(refusal(lost, { auth: { method: 'xoauth2', clientId: 'id' } })).toEqual([
      'auth.clientSecret required',
    ]);
  });
});

describe('options', () => {
  it.each([
    'smtps://h.example:4650?tls=unverified',
    'smtp://h.example?name=out.example.org',
    'smtp://h.example?starttls=off',
    'smtp://localhost:25',
  ])('of %s are the same by way of the database', (url) => {
    const options = parseSmtpUrl(url);
    expect(smtpOptions(placeOf(options), null)).toEqual(options);
  });

  it('have the sign-in their secret is for', () => {
    const as = (authMethod: Connection['authMethod'], secret: TransportSecret) =>
      smtpAuth({ authMethod, username: 'me' }, secret);
    expect(as('password', { password: 'p' })).toEqual({ method: 'password', user: 'me', password: 'p' });
    expect(as('xoauth2', OAUTH)).toEqual({ method: 'xoauth2', user: 'me', ...OAUTH });
    expect(as('none', { password: 'p' })).toBeNull();
  });
});
