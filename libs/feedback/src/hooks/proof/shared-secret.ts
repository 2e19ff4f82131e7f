import { z } from 'zod';
import { isSameSecret } from '#kernel/crypto/same-secret.js';
import { refused, type HookReading, type HookRequest } from '../hook.js';
import { secretSetting } from '../settings.js';
import { headerOf } from './headers.js';

/**
 * Headers that may hold the secret: ours, and the one in which SparkPost has long sent an `auth_token`
 * (https://developers.sparkpost.com/api/webhooks/).
 */
const SECRET_HEADERS = ['x-webhook-token', 'x-messagesystems-webhook-token'];

/** Of providers that sign nothing. */
export const sharedSecretSettings = z.strictObject({
  secret: secretSetting(
    'A long random word that the provider sends with each request: as the password of HTTP basic authentication (any user), as a bearer token, as the header X-Webhook-Token, or, where nothing else can be set, as ?token= of the URL.',
  ),
});

/** Checks the secret of a provider that signs nothing. How long it takes tells nothing of it. @returns null: it is the one */
export function refusalOfSecret(request: HookRequest, secret: string): HookReading | null {
  const given = secretsIn(request);
  // All are compared, whichever fits: there are at most four.
  if (given.map((one) => isSameSecret(one, secret)).includes(true)) return null;
  return refused(
    'unauthorised',
    given.length > 0 ? 'The secret is not the one of this transport.' : 'It bears no secret.',
  );
}

function secretsIn(request: HookRequest): string[] {
  const [scheme, credentials] = (headerOf(request, 'authorization') ?? '').trim().split(' ', 2);
  const basic =
    scheme?.toLowerCase() === 'basic' ? Buffer.from(credentials ?? '', 'base64').toString() : undefined;
  return [
    basic?.includes(':') ? basic.slice(basic.indexOf(':') + 1) : undefined, // RFC 7617 §2: no colon in the user
    scheme?.toLowerCase() === 'bearer' ? credentials : undefined,
    ...SECRET_HEADERS.map((name) => headerOf(request, name)),
    request.query.get('token') ?? undefined,
  ].filter((one) => one !== undefined && one !== '') as string[];
}
