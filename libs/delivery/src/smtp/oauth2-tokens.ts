import { request } from 'node:https';
import type { SmtpAuth } from './smtp-options.js';

const TIMEOUT_MS = 30_000;
/** A token is some hundred to some thousand octets; more than this is no answer to be read. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** A token is not used in its last minute, lest it end on its way. */
const MARGIN_MS = 60_000;
/** RFC 6749 §5.1: without `expires_in` it is up to us. */
const UNKNOWN_LIFETIME_S = 600;
const MAX_WORDS = 300;

/** There is no access token to be had. */
export class TokenError extends Error {
  constructor(
    message: string,
    /** The server said no: asking again soon is of no use. */
    readonly refused: boolean,
  ) {
    super(message);
    this.name = 'TokenError';
  }
}

type OAuth2Settings = Extract<SmtpAuth, { method: 'xoauth2' }>;
type RefreshSettings = Extract<OAuth2Settings, { refreshToken: string }>;

/** What a token endpoint says (RFC 6749 §5). */
interface TokenAnswer {
  access_token?: unknown;
  expires_in?: unknown;
  error?: unknown;
  error_description?: unknown;
}

/** The access tokens of one account: one at a time, fetched when there is none and kept while it lasts. */
export class OAuth2Tokens {
  private held: { token: string; until: number } | undefined;
  private coming: Promise<string> | undefined;

  constructor(private readonly settings: OAuth2Settings) {}

  /**
   * @param refused a token that the mail server did not take. However many connections were refused with it, one new
   *   one is fetched.
   * @throws TokenError, without any secret in its words
   */
  async token(refused?: string): Promise<string> {
    const { settings, held } = this;
    if ('accessToken' in settings) {
      if (refused === undefined) return settings.accessToken;
      throw new TokenError(
        'the access token was refused, and there is no refresh token to get another',
        true,
      );
    }
    if (held && held.token !== refused && Date.now() < held.until) return held.token;
    this.coming ??= this.fetch(settings).finally(() => (this.coming = undefined));
    return this.coming;
  }

  private async fetch(settings: RefreshSettings): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token', // RFC 6749 §6
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      refresh_token: settings.refreshToken,
    });
    const { status, text } = await post(settings.accessUrl, form.toString());
    const answer = parseAnswer(text);
    const token = answer.access_token;
    if (status === 200 && typeof token === 'string' && /^[\x20-\x7e]+$/.test(token)) {
      const seconds = Number(answer.expires_in ?? UNKNOWN_LIFETIME_S) || UNKNOWN_LIFETIME_S;
      this.held = { token, until: Date.now() + seconds * 1000 - MARGIN_MS };
      return token;
    }
    const said = [answer.error, answer.error_description].filter((words) => typeof words === 'string');
    const words = said
      .join(': ')
      .replace(/[^\x20-\x7e]+/g, ' ')
      .slice(0, MAX_WORDS);
    const secrets = [settings.refreshToken, settings.clientSecret];
    throw new TokenError(
      `the token endpoint gave no access token (${status}${words && ` ${withoutWords(words, secrets)}`})`,
      status < 500 && status !== 429,
    );
  }
}

/** A text without some words that must not be read. */
export function withoutWords(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

function parseAnswer(text: string): TokenAnswer {
  try {
    const answer = JSON.parse(text) as unknown;
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {}; // then the status says what there is to say
  }
}

/** Posts a form over https. Redirects are not followed: the answer must come from where the secret was sent. */
function post(url: string, form: string): Promise<{ status: number; text: string }> {
  if (!/^https:\/\//i.test(url)) {
    return Promise.reject(new TokenError('the token endpoint is not an https URL', true));
  }
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(form),
    Accept: 'application/json',
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new TokenError(`the token endpoint cannot be reached: ${error.message}`, false));
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const asked = request(url, { method: 'POST', headers, signal }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) answer.destroy(new Error('its answer does not end'));
      });
      answer.on('error', fail);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', fail);
    asked.end(form);
  });
}
