import type { Log } from '#kernel/observing/logger.js';
import type { PoolLike } from '../pool-like.js';

/** What the role of a session may do beyond reading and writing rows. */
export interface RoleStanding {
  role: string;
  isSuperuser: boolean;
  /** It owns the product's tables, or may become who does. */
  isOwner: boolean;
  /** There are tables of the product. */
  isFurnished: boolean;
  /** It may make schemas in the database. */
  mayCreate: boolean;
}

/** @returns how the session's role stands to the product's tables, whether or not it may use them */
export async function standingOf(session: PoolLike): Promise<RoleStanding> {
  const { rows } = await session.query(
    `SELECT current_user AS "role", u.rolsuper AS "isSuperuser",
            coalesce(bool_or(pg_has_role(c.relowner, 'MEMBER')), false) AS "isOwner",
            count(c.oid) > 0 AS "isFurnished",
            has_database_privilege(current_database(), 'CREATE') AS "mayCreate"
       FROM pg_roles u
       LEFT JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace)
         ON (n.nspname, c.relname) IN (('public', 'consent'), ('drizzle', '__drizzle_migrations'))
      WHERE u.rolname = current_user
      GROUP BY u.rolsuper`,
  );
  return rows[0] as unknown as RoleStanding;
}

/** Says that the append-only tables are so by the application's good will only, and what to do about it. */
export function warnOfPower({ role, isSuperuser, isOwner }: RoleStanding, log: Log): void {
  if (!isSuperuser && !isOwner) return;
  const why = isSuperuser ? 'it is a superuser' : 'it owns the tables';
  log.warn(
    `the database role of DATABASE_URL can change the proof of consent, because ${why}: ` +
      'make a second role for DATABASE_URL and give the owner to MIGRATION_DATABASE_URL (docs/upgrade.md, "Two database roles")',
    { role },
  );
}
