import { DomainError } from '#kernel/errors/errors.js';
import { PERMISSIONS, ROLE_PERMISSIONS, type Permission, type Role } from './permissions.js';

/** How long a sign-in is fresh: what gives power over all the rest asks for it again after that. */
export const FRESH_MS = 10 * 60_000;

/** Who makes a request. */
export interface Caller {
  /** Of the key, or of the operator who is signed in. */
  keyId: string;
  publicationId: string;
  /** Null: a key with scopes of its own. */
  role: Role | null;
  /** Of the key, or of the operator who is signed in. */
  name?: string;
  /** Of a key: what it may, instead of what a role may. */
  scopes?: readonly string[];
  /** Of somebody who is signed in, by key or as an operator. */
  session?: { id: string; provedAt: Date };
  /** Who is signed in is an operator, not the holder of a key. */
  operatorId?: string;
  /** Requests a minute that the key may make. */
  perMinute?: number;
  /** What is called, for the audit: method and route, `POST /api/v1/api-keys`, and from which address. */
  call?: { action: string; client: string };
}

/** Whether a caller may do what needs a permission. */
export function mayDo({ role, scopes }: Caller, permission: Permission): boolean {
  return role === null ? (scopes ?? []).includes(permission) : ROLE_PERMISSIONS[role].has(permission);
}

/** What a key or an operator may: by scopes, or by role. */
export function rightsOf({
  role,
  scopes,
}: {
  role: Role | null;
  scopes?: readonly string[] | null;
}): readonly string[] {
  return role === null ? (scopes ?? []) : [...ROLE_PERMISSIONS[role]];
}

/** Whether a caller has all of these rights: nobody gives more than they have, nor touches who has more. */
export function mayGive(caller: Caller, rights: readonly string[]): boolean {
  const has = new Set(rightsOf(caller));
  return rights.every((right) => has.has(right));
}

/** All that a caller may. */
export function permissionsOf(caller: Caller): Permission[] {
  return PERMISSIONS.filter((permission) => mayDo(caller, permission));
}

/** @throws DomainError `forbidden` */
export function insistOn(caller: Caller, permission: Permission, message?: string): void {
  if (mayDo(caller, permission)) return;
  const who = caller.role === null ? 'this key has not' : `the role ${caller.role} has not`;
  throw new DomainError('forbidden', message ?? `This needs the right "${permission}", which ${who}.`, {
    extra: { permission },
  });
}

/**
 * Somebody who finds a browser open is not to take the whole installation over. A key has no screen to leave open.
 * @throws DomainError `fresh_sign_in_required` when it is longer than {@link FRESH_MS} ago that a session's holder proved who they are
 */
export function insistOnFresh({ session }: Caller, now: Date): void {
  if (!session || now.getTime() - session.provedAt.getTime() <= FRESH_MS) return;
  throw new DomainError('fresh_sign_in_required', 'Prove that it is you once more, then try again.');
}
