import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { StoredDkimKey } from '#database/schema/index.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { SmtpAuth } from '../smtp/smtp-options.js';

const secret = z.union([
  z.object({ password: z.string() }),
  z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    refreshToken: z.string(),
    accessUrl: z.string(),
  }),
  z.object({ accessToken: z.string() }),
]);

/** What is kept sealed of a sign-in. The name and the method stand beside it, readable. */
export type TransportSecret = z.output<typeof secret>;

/** A word shorter than this is no secret worth looking for, and would tear other words apart. */
const LEAST_SECRET = 4;
/** A server's words in a database row or an answer: enough to see what is wrong. */
const MAX_WORDS = 500;

/** Seals what a transport must not tell. Each seal is bound to its transport, so that a row's cannot serve another. */
@Injectable()
export class TransportSecrets {
  constructor(private readonly keyring: Keyring) {}

  seal(transportId: string, value: TransportSecret): Buffer {
    return this.keyring.encrypt(`transport ${transportId}`, Buffer.from(JSON.stringify(value)));
  }

  /** @throws Error when APP_SECRET is another, or the bytes were changed or belong to another transport */
  open(transportId: string, sealed: Buffer): TransportSecret {
    return secret.parse(JSON.parse(this.keyring.decrypt(`transport ${transportId}`, sealed).toString()));
  }

  /** @param pem PKCS #8 */
  sealDkim(transportId: string, pem: string): string {
    return this.keyring.encrypt(`transport dkim ${transportId}`, Buffer.from(pem)).toString('base64');
  }

  /** @throws Error as {@link open} */
  openDkim(transportId: string, { sealedPrivateKey }: StoredDkimKey): KeyObject {
    const sealed = Buffer.from(sealedPrivateKey, 'base64');
    return createPrivateKey(this.keyring.decrypt(`transport dkim ${transportId}`, sealed).toString());
  }
}

/** A server's words without addresses, and without our secrets, should it repeat what it was told. */
export function withoutSecrets(words: string, auth: SmtpAuth | null): string {
  let text = words;
  for (const hidden of secretsIn(auth)) text = text.replaceAll(hidden, '[secret]');
  return scrub(text).slice(0, MAX_WORDS);
}

/** The secrets of a sign-in, plain and as they go over the wire. */
function secretsIn(auth: SmtpAuth | null): string[] {
  if (!auth) return [];
  const plain =
    auth.method === 'password'
      ? [auth.password, `\0${auth.user}\0${auth.password}`]
      : 'accessToken' in auth
        ? [auth.accessToken, `user=${auth.user}\x01auth=Bearer ${auth.accessToken}\x01\x01`]
        : [auth.clientSecret, auth.refreshToken];
  return plain
    .flatMap((one) => [one, Buffer.from(one).toString('base64'), encodeURIComponent(one)])
    .filter((one) => one.length >= LEAST_SECRET);
}
