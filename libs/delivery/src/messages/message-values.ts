import { confirmTokenTtl, linkEnd, preferencesTokenTtl } from '#audience/reader/link-lifetimes.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';

/** The links of one reader. */
export function readerLinks(
  signer: TokenSigner,
  baseUrl: string,
  subscriberId: string,
  now: Date,
  editionId?: string,
) {
  const claims = editionId ? { subscriberId, editionId } : { subscriberId };
  return {
    unsubscribeUrl: `${baseUrl}/unsubscribe/${signer.sign('unsubscribe', claims)}`,
    preferencesUrl: `${baseUrl}/preferences/${signer.sign('preferences', {
      subscriberId,
      expiresAt: linkEnd(now, preferencesTokenTtl),
    })}`,
  };
}

/** The link that turns a pending reader into an active one. */
export function confirmUrlOf(signer: TokenSigner, baseUrl: string, subscriberId: string, now: Date): string {
  return `${baseUrl}/confirm/${signer.sign('confirm', { subscriberId, expiresAt: linkEnd(now, confirmTokenTtl) })}`;
}
