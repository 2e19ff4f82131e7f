import { DomainError, type ErrorCode } from '#kernel/errors/errors.js';

/** Why nobody comes in by the identity provider: a word that the sign-in page knows, for no text of an address is shown there. */
const REFUSALS = {
  over: ['unauthorized', 'It took too long, or began elsewhere. Sign in again.'],
  unconfirmed: ['unauthorized', 'The identity provider did not confirm who you are.'],
  unverified: ['forbidden', 'The identity provider has not verified your address.'],
  domain: ['forbidden', 'Addresses of this domain may not sign in here.'],
  no_role: ['forbidden', 'The identity provider gives you no role here.'],
  other_account: ['forbidden', 'This address belongs to another account of the identity provider.'],
  other_person: ['forbidden', 'At the identity provider you are somebody else.'],
  disabled: ['forbidden', 'This account is disabled.'],
  unknown: ['forbidden', 'There is no operator with your address. Ask an owner for an invitation.'],
  away: ['unavailable', 'The identity provider does not answer at the moment.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Refusal = keyof typeof REFUSALS;

/** Somebody is not let in. `refusal` is one of the table's words. */
export class RefusedByProvider extends DomainError {
  /** @param email of whom, as far as the provider has verified it */
  constructor(
    readonly refusal: Refusal,
    readonly email?: string | null,
    cause?: unknown,
  ) {
    const [code, message] = REFUSALS[refusal];
    super(code, message, cause === undefined ? {} : { cause });
  }
}
