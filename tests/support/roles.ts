import pg from 'pg';

/** Which of the three a test connects as: the server's administrator, the owner of the tables, or the application. */
export type TestRole = 'administrator' | 'owner' | 'application';

const NAMES = { owner: 'broadsheet_test_owner', application: 'broadsheet_test_app' };

/** The name of a role, quoted by nobody: it needs none. */
export function nameOf(role: 'owner' | 'application'): string {
  return NAMES[role];
}

/** Makes the roles of all tests' databases, once per server. Their password keeps nobody out of anything. */
export async function makeRoles(admin: pg.Client): Promise<void> {
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [NAMES.owner]);
  try {
    for (const name of Object.values(NAMES)) {
      const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
      if (!rowCount) await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
    }
  } finally {
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [NAMES.owner]);
  }
}

/** The administrator's URL as a role's. */
export function asRole(url: string, role: TestRole): string {
  if (role === 'administrator') return url;
  const other = new URL(url);
  other.username = other.password = NAMES[role];
  return other.href;
}
