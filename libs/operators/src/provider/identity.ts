import type { Config, OidcRole } from '#kernel/config/config.js';
import { RefusedByProvider } from './refusal.js';

/** Whom the identity provider speaks of. */
export interface Identity {
  /** Issuer and subject: never given to anybody else. */
  subject: string;
  /** Lower case; null: none that was verified. */
  email: string | null;
  name: string;
  /** When it asked them last who they are; null: it does not say. */
  provedAt: Date | null;
  /** What the claim of roles holds. */
  groups: readonly string[];
}

/** Reads claims (OpenID Connect Core §5.1). @param roleClaim its name, if roles are told by one */
export function identityIn(claims: Record<string, unknown>, roleClaim?: string): Identity {
  const { iss, sub, email, email_verified: verified, name, auth_time: provedAt } = claims;
  const said = roleClaim === undefined ? [] : claims[roleClaim];
  return {
    subject: `${String(iss)} ${String(sub)}`,
    email: typeof email === 'string' && verified === true ? email.trim().toLowerCase() : null,
    name:
      typeof name === 'string'
        ? name
            .replace(/[\p{Cc}<>]/gu, ' ')
            .trim()
            .slice(0, 100)
        : '',
    provedAt: typeof provedAt === 'number' ? new Date(provedAt * 1000) : null,
    groups: (Array.isArray(said) ? said : [said]).filter((one): one is string => typeof one === 'string'),
  };
}

/**
 * Whether somebody may come in at all, and as what.
 * @returns the role that the provider gives; undefined: roles are given here
 * @throws DomainError `forbidden` with what is amiss
 */
export function decide(
  { email, groups }: Identity,
  { domains, roles }: Pick<NonNullable<Config['oidc']>, 'domains' | 'roles'>,
): OidcRole | undefined {
  if (email === null) throw new RefusedByProvider('unverified');
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (domains.length > 0 && !domains.includes(domain)) throw new RefusedByProvider('domain', email);
  if (!roles) return undefined;
  const fitting = roles.byValue.find(({ value }) => groups.includes(value));
  if (!fitting) throw new RefusedByProvider('no_role', email);
  return fitting.role;
}
