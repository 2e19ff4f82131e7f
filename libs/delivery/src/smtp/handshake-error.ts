import { TokenError } from './oauth2-tokens.js';
import type { SmtpOptions } from './smtp-options.js';

/** The connection could not be made ready. */
export class HandshakeError extends Error {
  constructor(
    message: string,
    /** The server's reply code, if it was the server that said no. */
    readonly code: number | null,
    /** The refusal was of us as a client (AUTH, 5xx greeting, no TLS), so that trying again soon is of no use. */
    readonly refused: boolean,
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'HandshakeError';
  }
}

interface NodemailerError extends Error {
  code?: string;
  /** The system's code, where nodemailer has put its own over it. */
  originalCode?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/** What is wrong with a certificate, by OpenSSL's and Node's codes. None of it is mended by trying again. */
const CERTIFICATE_PROBLEMS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'is revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that is not trusted here (self-signed)',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an unknown authority, or its chain is not complete',
};
const NO_TLS_THERE = 'ERR_SSL_WRONG_VERSION_NUMBER';

/** Says in plain words why a connection could not be made ready, and whether it is of use to try again soon. */
export function toHandshakeError(cause: unknown, { host }: SmtpOptions): HandshakeError {
  const error = cause as NodemailerError;
  if (error instanceof TokenError) return new HandshakeError(error.message, null, error.refused, { cause });
  const said = error.response ?? error.message;
  const refusal = (message: string) =>
    new HandshakeError(message, error.responseCode ?? null, true, { cause });
  const problem = CERTIFICATE_PROBLEMS[error.originalCode ?? ''];
  if (problem) {
    const name = error.originalCode === 'ERR_TLS_CERT_ALTNAME_INVALID' ? ` than ${host}` : '';
    return refusal(`the mail server's certificate ${problem}${name}: ${said}`);
  }
  if (error.originalCode === NO_TLS_THERE) return refusal('the mail server does not speak TLS on this port');
  if (error.command === 'STARTTLS' && error.response) {
    const does = (error.responseCode ?? 500) < 500 ? 'cannot do STARTTLS now' : 'does not offer STARTTLS';
    return refusal(`the mail server ${does}, and nothing is sent without: ${said}`);
  }
  const code = error.responseCode ?? null;
  const isOfUs = error.code === 'EAUTH' || error.code === 'ETLS' || (code !== null && code >= 500);
  return new HandshakeError(said, code, isOfUs, { cause });
}
