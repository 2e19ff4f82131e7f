import type { TRANSPORT_AUTH, TRANSPORT_SECURITY } from '#database/schema/index.js';
import { invalidField, type DomainError } from '#kernel/errors/errors.js';
import { readUrl } from '#kernel/input/read-url.js';
import { isLoopback, parseSmtpUrl, type SmtpAuth, type SmtpOptions } from '../smtp/smtp-options.js';
import { transportInput, type AuthInput, type TransportPatch } from './transport.schemas.js';
import type { TransportSecret } from './transport-secrets.js';

type Security = (typeof TRANSPORT_SECURITY)[number];

/** Where a transport leads. */
export interface Place {
  host: string;
  port: number;
  security: Security;
  verifyCertificate: boolean;
  clientName: string | null;
}

/** Where it leads, and how we sign in there. */
export interface Connection extends Place {
  authMethod: (typeof TRANSPORT_AUTH)[number];
  username: string | null;
  /** `kept`: the one that is stored. */
  secret: TransportSecret | 'kept' | null;
}

/** A connection that is stored already. */
export interface KnownConnection extends Place {
  authMethod: Connection['authMethod'];
  username: string | null;
  /** Opens the secret. @returns null when there is none, or it cannot be opened */
  openSecret: () => TransportSecret | null;
}

const GOOGLE = 'https://accounts.google.com/o/oauth2/token';
/** What a URL may hold is what the fields may hold. */
const urlParts = transportInput.pick({ host: true, port: true, clientName: true }).strip();
/** What `url` stands for. */
const SPELT_OUT = ['host', 'port', 'security', 'verifyCertificate', 'clientName', 'auth'] as const;

/** What a transport's mail server is spoken to with. */
export function smtpOptions(place: Place, auth: SmtpAuth | null): SmtpOptions {
  const startTls = {
    tls: 'required',
    starttls: 'required',
    opportunistic: 'opportunistic',
    none: 'off',
  } as const;
  const { host, port, verifyCertificate, clientName } = place;
  const secure = place.security === 'tls';
  return { host, port, secure, startTls: startTls[place.security], verifyCertificate, auth, clientName };
}

/** The inverse of {@link smtpOptions}, without the sign-in. */
export function placeOf({ host, port, secure, startTls, verifyCertificate, clientName }: SmtpOptions): Place {
  const named = { required: 'starttls', opportunistic: 'opportunistic', off: 'none' } as const;
  return { host, port, security: secure ? 'tls' : named[startTls], verifyCertificate, clientName };
}

/** @param secret null: none is needed */
export function smtpAuth(
  { authMethod, username }: Pick<Connection, 'authMethod' | 'username'>,
  secret: TransportSecret | null,
): SmtpAuth | null {
  if (authMethod === 'none' || secret === null) return null;
  const user = username ?? '';
  return 'password' in secret
    ? { method: 'password', user, ...secret }
    : { method: 'xoauth2', user, ...secret };
}

/**
 * Reads where a transport is to lead and how to sign in there.
 * @param known what it has so far; null: it is new
 * @returns null when the input says nothing about it
 * @throws DomainError `invalid_input`, also when a secret would be led to another server or over an open line
 */
export function readConnection(known: KnownConnection | null, input: TransportPatch): Connection | null {
  if (known && input.url === undefined && SPELT_OUT.every((field) => input[field] === undefined)) return null;
  const { auth, ...place } =
    input.url === undefined ? readFields(known, input) : placeOfUrl(input.url, input);
  const isMoved =
    known === null ||
    (['host', 'port', 'security', 'verifyCertificate'] as const).some(
      (field) => known[field] !== place[field],
    );
  const connection = { ...place, ...signIn(known, auth, isMoved) };
  refuseOpenLine(connection, input.url === undefined ? 'security' : 'url');
  return connection;
}

function readFields(known: Place | null, input: TransportPatch): Place & { auth: AuthInput | undefined } {
  const host = input.host ?? known?.host;
  if (host === undefined) throw required('host', 'Give the host of the mail server, or a url.');
  const security = input.security ?? known?.security;
  if (security === undefined) throw required('security', 'Say tls, starttls, opportunistic or none.');
  // A port that nobody chose goes with the kind of security.
  const port = known && known.port !== usualPort(known.security) ? known.port : usualPort(security);
  const usualCheck = !(isLoopback(host) && security === 'opportunistic');
  return {
    host,
    security,
    port: input.port ?? port,
    verifyCertificate: input.verifyCertificate ?? known?.verifyCertificate ?? usualCheck,
    clientName: input.clientName === undefined ? (known?.clientName ?? null) : input.clientName,
    auth: input.auth ?? (known ? undefined : { method: 'none' }),
  };
}

function usualPort(security: Security): number {
  return security === 'tls' ? 465 : 587;
}

function placeOfUrl(url: string, input: TransportPatch): Place & { auth: AuthInput } {
  const twice = SPELT_OUT.find((field) => input[field] !== undefined);
  if (twice) throw invalidField(twice, 'ambiguous', `Give url or ${twice}, not both.`);
  if (!/^smtps?:$/.test(readUrl(url)?.protocol ?? '')) {
    throw invalidField(
      'url',
      'invalid_url',
      'Give a URL such as smtps://user:password@smtp.example.org:465.',
    );
  }
  const { auth, ...options } = parsed(url);
  const checked = urlParts.safeParse(options);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw invalidField(
      'url',
      'invalid_url',
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
    );
  }
  if (auth?.method !== 'password') return { ...placeOf({ ...options, auth }), auth: { method: 'none' } };
  // A URL may name the user and leave the password as it is.
  const password = auth.password === '' ? {} : { password: auth.password };
  return { ...placeOf({ ...options, auth }), auth: { method: 'password', user: auth.user, ...password } };
}

function parsed(url: string): SmtpOptions {
  try {
    return parseSmtpUrl(url);
  } catch (error) {
    const message = (error as Error).message.replace(/^SMTP_URL: /, '').replaceAll('SMTP_URL=', '');
    throw invalidField('url', 'invalid_url', message);
  }
}

type SignIn = Pick<Connection, 'authMethod' | 'username' | 'secret'>;

/** @param auth undefined: as it is */
function signIn(known: KnownConnection | null, auth: AuthInput | undefined, isMoved: boolean): SignIn {
  const method = auth?.method ?? known?.authMethod ?? 'none';
  if (method === 'none') return { authMethod: 'none', username: null, secret: null };
  const sameMethod = known?.authMethod === method ? known : null;
  const given = auth?.method === method ? auth : undefined;
  const username = given?.user ?? sameMethod?.username;
  if (!username) throw required('auth.user', 'Give the name to sign in with.');
  const keepable = isMoved ? null : sameMethod;
  const secret =
    method === 'password'
      ? passwordSecret(given as { password?: string } | undefined, keepable !== null, known !== null)
      : xoauth2Secret(given as XOAuth2Input | undefined, keepable, known !== null);
  return { authMethod: method, username, secret };
}

function passwordSecret(
  given: { password?: string | undefined } | undefined,
  isKeepable: boolean,
  isKnown: boolean,
): TransportSecret | 'kept' {
  if (given?.password !== undefined) return { password: given.password };
  if (isKeepable) return 'kept';
  throw required('auth.password', isKnown ? againNeeded('password') : 'Give the password to sign in with.');
}

type XOAuth2Input = Extract<AuthInput, { method: 'xoauth2' }>;

function xoauth2Secret(
  given: XOAuth2Input | undefined,
  keepable: KnownConnection | null,
  isKnown: boolean,
): TransportSecret | 'kept' {
  const { accessToken, clientId, clientSecret, refreshToken, accessUrl } = given ?? {};
  const fetches = [clientId, clientSecret, refreshToken, accessUrl].some((one) => one !== undefined);
  if (accessToken !== undefined) {
    if (fetches) {
      const message = 'Give an accessToken, or clientId, clientSecret and refreshToken; not both.';
      throw invalidField('auth.accessToken', 'ambiguous', message);
    }
    return { accessToken };
  }
  if (keepable && !fetches) return 'kept';
  const opened = keepable?.openSecret() ?? null;
  const stored = opened && 'clientId' in opened ? opened : null;
  const url = accessUrl ?? stored?.accessUrl ?? GOOGLE;
  // The secrets are told to whoever answers there.
  const kept = stored && stored.accessUrl === url ? stored : null;
  const need = (name: 'clientId' | 'clientSecret' | 'refreshToken', value: string | undefined): string => {
    const text = value ?? kept?.[name];
    if (text !== undefined) return text;
    throw required(`auth.${name}`, isKnown ? againNeeded(name) : `Give ${name}, or an accessToken.`);
  };
  return {
    clientId: need('clientId', clientId),
    clientSecret: need('clientSecret', clientSecret),
    refreshToken: need('refreshToken', refreshToken),
    accessUrl: url,
  };
}

function againNeeded(what: string): string {
  return (
    `Give the ${what} again: it is not kept when host, port, security, verifyCertificate, accessUrl or the method ` +
    'of signing in change, so that nobody can lead it to another server.'
  );
}

/** A secret goes over no line that can be read, or be made readable by whoever strips STARTTLS. */
function refuseOpenLine({ host, security, authMethod }: Connection, field: string): void {
  if (authMethod === 'none' || security === 'tls' || security === 'starttls' || isLoopback(host)) return;
  const message = `With ${security} the password could be read on the way. Choose tls or starttls.`;
  throw invalidField(field, 'plaintext_secret', message);
}

function required(field: string, message: string): DomainError {
  return invalidField(field, 'required', message);
}
