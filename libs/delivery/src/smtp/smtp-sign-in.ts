import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { OAuth2Tokens, withoutWords } from './oauth2-tokens.js';
import type { SmtpAuth } from './smtp-options.js';

/** RFC 4954 §6: the credentials were refused. */
const CREDENTIALS_INVALID = 535;

type XOAuth2Settings = Extract<SmtpAuth, { method: 'xoauth2' }>;

/** A shorter password cannot be told from ordinary words. */
const LEAST_SECRET = 4;

type NodemailerError = Error & { responseCode?: number; response?: string };

/** One store of tokens per account, shared by all its connections and gone with its options. */
const stores = new WeakMap<XOAuth2Settings, OAuth2Tokens>();

function tokensOf(auth: XOAuth2Settings): OAuth2Tokens {
  const known = stores.get(auth);
  if (known) return known;
  const tokens = new OAuth2Tokens(auth);
  stores.set(auth, tokens);
  return tokens;
}

/**
 * Signs in: with a password by what the server offers (PLAIN, LOGIN, CRAM-MD5), or by XOAUTH2. An access token that is
 * refused is renewed once.
 * @param connection greeted, and secured as far as it is to be
 * @throws Error of nodemailer's, or TokenError
 */
export function signIn(connection: SMTPConnection, auth: SmtpAuth): Promise<void> {
  return auth.method === 'password' ? signInByPassword(connection, auth) : signInByToken(connection, auth);
}

async function signInByPassword(
  connection: SMTPConnection,
  { user, password }: { user: string; password: string },
): Promise<void> {
  try {
    await login(connection, { user, pass: password });
  } catch (error) {
    throw hide(error as NodemailerError, [base64(`\0${user}\0${password}`), base64(password), password]);
  }
}

async function signInByToken(connection: SMTPConnection, auth: XOAuth2Settings): Promise<void> {
  const tokens = tokensOf(auth);
  let used: string | undefined;
  let refused: string | undefined;
  const oauth2 = new XOAuth2({
    user: auth.user,
    provisionCallback: (_user, renew, done) => {
      if (renew) refused = used;
      tokens.token(refused).then(
        (token) => done(null, (used = token)),
        (error: unknown) => done(error as Error),
      );
    },
  });
  const attempt = async () => {
    try {
      await login(connection, { user: auth.user, oauth2 });
    } catch (error) {
      throw hide(error as NodemailerError, used ? [oauth2.buildXOAuth2Token(used), used] : []);
    }
  };
  try {
    await attempt();
  } catch (error) {
    // Google asks for the reason (334) and nodemailer renews the token; Microsoft says 535 at once, and it does not.
    const isStale = (error as NodemailerError).responseCode === CREDENTIALS_INVALID;
    if (!isStale || refused !== undefined || used === undefined || 'accessToken' in auth) throw error;
    refused = used;
    await tokens.token(refused); // also when this connection is lost by now: for the next one
    oauth2.accessToken = false;
    await attempt();
  }
}

/** A server may repeat what it was sent. */
function hide(error: NodemailerError, secrets: string[]): NodemailerError {
  const long = secrets.filter((secret) => secret.length >= LEAST_SECRET);
  error.message = withoutWords(error.message, long);
  if (error.response) error.response = withoutWords(error.response, long);
  return error;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function login(connection: SMTPConnection, data: Parameters<SMTPConnection['login']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.login(data, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
