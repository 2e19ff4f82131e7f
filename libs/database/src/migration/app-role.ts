import { escapeIdentifier } from 'pg';
import type { PoolLike } from '../pool-like.js';

/** The schemas of the product: its own, the queue's, and the list of migrations. */
const SCHEMAS = ['public', 'bullmq', 'drizzle'];

/** Rows that are added and read, and never changed: the proof of consent, and who did what. */
const APPEND_ONLY = [
  'consent',
  'consent_evidence',
  'consent_seal',
  'consent_seal_row',
  'terms_version',
  'audit_entry',
];

/** In the order of the alphabet, as {@link findRelations} reads them. */
const ALL_ROWS = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];

/** A table or a sequence, and what the role may already do with it. */
export interface Relation {
  schema: string;
  name: string;
  kind: 'table' | 'sequence';
  privileges: string[];
}

/** What the application does with a relation, and so may. */
function needsOf({ schema, name, kind }: Relation): string[] {
  if (schema === 'drizzle') return kind === 'table' ? ['SELECT'] : [];
  if (kind === 'sequence') return ['USAGE'];
  if (schema === 'bullmq') return name === 'migration' ? ['SELECT'] : ALL_ROWS;
  return APPEND_ONLY.includes(name) ? ['INSERT', 'SELECT'] : ALL_ROWS;
}

/**
 * The statements after which a role may do with the relations what it needs and no more. None for those where that is
 * so already: a start must not write to the catalogue for nothing.
 */
export function grantsFor(relations: Relation[], role: string): string[] {
  return relations.flatMap((relation) => {
    const needs = needsOf(relation);
    if (needs.join() === relation.privileges.join()) return [];
    const on = `${relation.kind.toUpperCase()} ${escapeIdentifier(relation.schema)}.${escapeIdentifier(relation.name)}`;
    const grant = `GRANT ${needs.join(', ')} ON ${on} TO ${escapeIdentifier(role)}`;
    return [`REVOKE ALL ON ${on} FROM ${escapeIdentifier(role)}`, ...(needs.length > 0 ? [grant] : [])];
  });
}

/** Tables and sequences of the role that asks; what belongs to an extension is not ours to give. */
async function findRelations(session: PoolLike, role: string): Promise<Relation[]> {
  const { rows } = await session.query(
    `SELECT n.nspname AS schema, c.relname AS name,
            CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
            ARRAY(SELECT a.privilege_type FROM aclexplode(c.relacl) a
                   WHERE a.grantee = r.oid ORDER BY a.privilege_type) AS privileges
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_roles r ON r.rolname = $1
      WHERE n.nspname = ANY($2) AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(c.relowner, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2`,
    [role, SCHEMAS],
  );
  return rows as unknown as Relation[];
}

/** Schemas it may not use and functions it may not call, though it must. Triggers call theirs whoever writes. */
async function findClosed(session: PoolLike, role: string): Promise<string[]> {
  const { rows } = await session.query(
    `SELECT format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, $1::text) AS grant
       FROM pg_namespace n
      WHERE n.nspname = ANY($2) AND NOT has_schema_privilege($1, n.oid, 'USAGE')
     UNION ALL
     SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, $1::text)
       FROM pg_proc p
       JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ANY($2) AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
        AND pg_has_role(p.proowner, 'USAGE') AND NOT has_function_privilege($1, p.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`,
    [role, SCHEMAS],
  );
  return rows.map((row) => String(row.grant));
}

/** What a migration makes that somebody runs by hand is usable at once; the next start sets what is append-only apart. */
function defaultsFor(role: string): string[] {
  const to = escapeIdentifier(role);
  const inSchemas = 'ALTER DEFAULT PRIVILEGES IN SCHEMA public, bullmq';
  return [
    `${inSchemas} GRANT ${ALL_ROWS.join(', ')} ON TABLES TO ${to}`,
    `${inSchemas} GRANT USAGE ON SEQUENCES TO ${to}`,
    `${inSchemas} GRANT EXECUTE ON FUNCTIONS TO ${to}`,
  ];
}

/**
 * Lets the application's role do its work and nothing else, all or nothing.
 * @param session of the role that owns the tables, inside no transaction
 * @throws Error when the role cannot be given what it needs
 */
export async function grantToApplication(session: PoolLike, role: string): Promise<void> {
  await session.query('BEGIN');
  try {
    const closed = await findClosed(session, role);
    const grants = grantsFor(await findRelations(session, role), role);
    for (const statement of [...closed, ...grants, ...defaultsFor(role)]) await session.query(statement);
    await session.query('COMMIT');
  } catch (error) {
    await session.query('ROLLBACK');
    throw error;
  }
}
