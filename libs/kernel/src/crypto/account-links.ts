import type { TokenPurpose, TokenSigner } from './tokens.js';

/** What a link for operators does. Its row says to whom, until when, and whether it was used. */
export type AccountLinkPurpose = Extract<TokenPurpose, 'invitation' | 'reset' | 'first-run'>;

/** Pages of the operator UI, below `/admin`. */
const PAGES: Record<AccountLinkPurpose, string> = {
  invitation: 'invitation',
  reset: 'reset-password',
  'first-run': 'first-run',
};

/**
 * Where a link leads. The token is made from the row's id whenever it is needed and stored nowhere.
 * @param base the site's address, without a slash at its end
 */
export function accountLinkUrl(
  signer: TokenSigner,
  base: string,
  purpose: AccountLinkPurpose,
  linkId: string,
): string {
  return `${base}/admin/${PAGES[purpose]}/${signer.sign(purpose, { subscriberId: linkId })}`;
}

/** The id of a link's row; undefined: it is none of ours. */
export function accountLinkId(
  signer: TokenSigner,
  purpose: AccountLinkPurpose,
  token: string,
): string | undefined {
  // The row says when it ends: a token that never does is read at any time.
  const reading = signer.read(purpose, token, new Date(0));
  return reading.ok ? reading.claims.subscriberId : undefined;
}
