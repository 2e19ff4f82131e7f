import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Database } from '#database/database.js';
import { sqlState } from '#database/errors.js';
import { migrateDatabase } from '#database/migration/migrate.js';
import { openDatabase } from '#database/connection/open.js';
import { PostgresDatabase } from '#database/connection/postgres.js';
import { QUEUE_NAMES } from '#database/migration/queue-names.js';
import { findProgram } from '../support/binaries.js';
import { ROOT } from '../support/root.js';
import { makeBarePostgres, makeStore, serverUrl, type BarePostgres } from '../support/stores.js';
import { listeningLog, silentLog, testConfig } from '../support/test-config.js';

const INSUFFICIENT_PRIVILEGE = '42501';

/** What a statement is refused with; undefined when it is not. */
async function refusalOf(database: Database, statement: string): Promise<string | undefined> {
  try {
    await database.transaction(async (tx) => {
      await tx.execute(sql.raw(statement));
      throw new Error('roll back');
    });
  } catch (error) {
    return sqlState(error);
  }
  return undefined;
}

const urls = (url: string | null, migrationUrl: string | null = null) =>
  testConfig({ database: { url, migrationUrl, pool: 3 } });

/** Opens and closes it. @returns the warnings meanwhile */
async function warningsOf(url: string, migrationUrl: string | null = null): Promise<string[]> {
  const { log, lines } = listeningLog();
  await (await openDatabase(urls(url, migrationUrl), log)).close();
  const told = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
  return told.filter(({ level }) => level >= 40).map(({ msg }) => msg);
}

describe("the application's database role", () => {
  let store: Awaited<ReturnType<typeof makeStore>>;
  let database: Database;
  beforeAll(async () => {
    store = await makeStore('postgres');
    database = await store.open();
  });
  afterAll(() => store.remove());

  const ledger = [
    'consent',
    'consent_evidence',
    'consent_seal',
    'consent_seal_row',
    'terms_version',
    'audit_entry',
  ];
  it.each([
    ...ledger.flatMap((table) => [
      `UPDATE ${table} SET ${/evidence|seal_row/.test(table) ? 'consent_id = consent_id' : 'id = id'}`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table} CASCADE`,
      `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    ]),
    'DROP TRIGGER consent_append_only ON consent',
    'CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'ALTER TABLE subscriber ADD COLUMN x text',
    'TRUNCATE delivery',
    'DROP TABLE delivery',
    'CREATE TABLE public.x (y int)',
    'CREATE FUNCTION bullmq.x() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE SCHEMA x',
    'SET session_replication_role = replica',
    'SET ROLE broadsheet_test_owner',
    'INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (1, 1)',
    'DELETE FROM bullmq.migration',
  ])('is refused: %s', async (statement) => {
    expect(await refusalOf(database, statement)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it.each([
    'INSERT INTO consent_seal_row SELECT * FROM consent_seal_row',
    'UPDATE subscriber SET name = name',
    'DELETE FROM delivery',
    'CREATE TEMPORARY TABLE x (y int)',
    ...QUEUE_NAMES.map((name) => `SELECT bullmq.next_job_id('${name}')`),
  ])('may: %s', async (statement) => {
    expect(await refusalOf(database, statement)).toBeUndefined();
  });

  it('may erase the evidence of who is gone, and of nobody else', async () => {
    const evidence = (subscriber: string) =>
      sql`INSERT INTO consent_evidence (consent_id, subscriber_id, salt, address)
          VALUES (gen_random_uuid(), ${subscriber}, 's', 'a@example.org')`;
    const erase = (subscriber: string) => sql`SELECT erase_consent_evidence(${subscriber}::uuid)`;
    const gone = '00000000-0000-7000-8000-000000000001';
    const here = '00000000-0000-7000-8000-000000000002';
    const { db } = database;
    await db.execute(sql`
      WITH p AS (INSERT INTO publication (id, name, base_url, sender_name, sender_email, postal_address, locale, time_zone, theme, wording)
                 VALUES (gen_random_uuid(), 'P', 'https://p.example', 'P', 'p@p.example', '', 'en', 'UTC', '{}', '{}') RETURNING id)
      INSERT INTO subscriber (id, publication_id, email, email_normalised, address_hmac, locale, status)
      SELECT ${here}, id, 'a@example.org', 'a@example.org', 'x', 'en', 'active' FROM p`);
    for (const subscriber of [gone, here]) await db.execute(evidence(subscriber));
    await db.execute(erase(gone));
    await expect(db.execute(erase(here))).rejects.toMatchObject({ cause: { code: '23001' } });
    const left = await db.query.consentEvidence.findMany({ columns: { subscriberId: true } });
    expect(left).toEqual([{ subscriberId: here }]);
  });

  it('gets what a later migration makes, and only its share of what is append-only', async () => {
    const owner = await store.open('owner');
    await owner.db.execute(sql`CREATE TABLE later (id serial PRIMARY KEY)`);
    expect(await refusalOf(database, 'INSERT INTO later DEFAULT VALUES')).toBeUndefined();
    await owner.db.execute(sql`GRANT DELETE ON consent TO broadsheet_test_app`);
    await migrateDatabase(owner, 'broadsheet_test_app');
    expect(await refusalOf(database, 'DELETE FROM consent')).toBe(INSUFFICIENT_PRIVILEGE);
  });
});

describe('openDatabase on PostgreSQL', () => {
  let bare: BarePostgres;
  beforeEach(async () => (bare = await makeBarePostgres()));
  afterEach(() => bare.remove());

  it('migrates as the owner, and is then opened as the application, which warns of nothing', async () => {
    expect(await warningsOf(bare.appUrl, bare.ownerUrl)).toEqual([]);
    expect(await warningsOf(bare.appUrl, bare.ownerUrl)).toEqual([]);
    expect(await warningsOf(bare.appUrl)).toEqual([]); // others need not know the owner
  });

  it('says what to do where the role may not migrate and nobody has', async () => {
    const opening = openDatabase(urls(bare.appUrl), silentLog());
    await expect(opening).rejects.toThrow(
      /^DATABASE_URL: .*not at this version.*npm run migrate.*MIGRATION_DATABASE_URL/s,
    );
  });

  it('says so when the two URLs are of two databases', async () => {
    const other = await makeBarePostgres();
    const opening = openDatabase(urls(bare.appUrl, other.ownerUrl), silentLog());
    await expect(opening).rejects.toThrow(/^MIGRATION_DATABASE_URL: .*same database/s);
    await other.remove();
  });

  it('says so when the other role is not the owner', async () => {
    await (await openDatabase(urls(bare.url), silentLog())).close();
    const opening = openDatabase(urls(bare.url, bare.ownerUrl), silentLog());
    await expect(opening).rejects.toThrow(/^MIGRATION_DATABASE_URL: .* does not own the tables/);
  });

  it.each([
    ['owns the tables', () => bare.ownerUrl, /it owns the tables.*MIGRATION_DATABASE_URL/],
    ['is a superuser', () => bare.url, /it is a superuser.*MIGRATION_DATABASE_URL/],
  ])('works with one role that %s, and warns', async (_what, url, warning) => {
    expect(await warningsOf(url())).toEqual([expect.stringMatching(warning)]);
    expect(await warningsOf(url(), url())).toEqual([expect.stringMatching(warning)]);
  });
});

/**
 * The script names roles that are the whole server's, so the tests of a server run it one at a time; they have the
 * names to themselves.
 */
describe('scripts/postgres-roles.sql', () => {
  const [ownerPassword, appPassword] = [0, 1].map(() => randomBytes(8).toString('hex')) as [string, string];
  const run = (
    url: string,
    env: Record<string, string> = { OWNER_PASSWORD: ownerPassword, APP_PASSWORD: appPassword },
  ) =>
    promisify(execFile)(
      findProgram('psql'),
      ['--no-psqlrc', '--quiet', `--dbname=${url}`, `--file=${join(ROOT, 'scripts/postgres-roles.sql')}`],
      { env: { PATH: process.env.PATH, ...env } },
    );
  const as = (url: string, name: string, password: string) => {
    const other = new URL(url);
    [other.username, other.password] = [name, password];
    return other.href;
  };
  const rolesOf = (url: string) => ({
    app: as(url, 'broadsheet_app', appPassword),
    owner: as(url, 'broadsheet_owner', ownerPassword),
  });

  let lock: pg.Client;
  beforeAll(async () => {
    lock = new pg.Client({ connectionString: serverUrl() });
    await lock.connect();
    await lock.query("SELECT pg_advisory_lock(hashtext('broadsheet_app'))"); // ends with the session
  });
  afterAll(() => lock.end());

  let bare: BarePostgres;
  beforeEach(async () => (bare = await makeBarePostgres()));
  afterEach(() => bare.remove());

  it('makes a new database ready for the first start', async () => {
    await run(bare.url);
    await run(bare.url);
    const { app, owner } = rolesOf(bare.url);
    expect(await warningsOf(app, owner)).toEqual([]);
    const database = await openDatabase(urls(app), silentLog());
    expect(await refusalOf(database, 'DELETE FROM consent')).toBe(INSUFFICIENT_PRIVILEGE);
    await database.close();
  });

  it('takes an installation with one role over to two: rows stay, the queue works, the next migration too', async () => {
    const before = await openDatabase(urls(bare.url), silentLog());
    await before.db.execute(sql`INSERT INTO installation_secret (name, sealed) VALUES ('kept', 'x')`);
    await before.queuePool().query("SELECT bullmq.next_job_id('mail')");
    await before.close();

    await run(bare.url);
    const { app, owner } = rolesOf(bare.url);
    expect(await warningsOf(app, owner)).toEqual([]);

    const database = await openDatabase(urls(app), silentLog());
    expect(await database.db.query.installationSecret.findFirst()).toMatchObject({ name: 'kept' });
    expect(await refusalOf(database, "SELECT bullmq.next_job_id('mail')")).toBeUndefined();
    expect(await refusalOf(database, 'DROP TRIGGER consent_append_only ON consent')).toBe(
      INSUFFICIENT_PRIVILEGE,
    );
    await database.close();
    const owning = await PostgresDatabase.open(owner, 2, silentLog());
    const others = await owning.withSession((session) =>
      session.query(`
        SELECT n.nspname, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'bullmq', 'drizzle') AND c.relowner <> 'broadsheet_owner'::regrole
        UNION ALL
        SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('public', 'bullmq', 'drizzle') AND p.proowner <> 'broadsheet_owner'::regrole
           -- what an extension brings stays its own
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`),
    );
    expect(others.rows).toEqual([]);
    await owning.close();
  });

  it('asks for what it needs', async () => {
    await expect(run(bare.url, { OWNER_PASSWORD: 'x' })).rejects.toThrow(/APP_PASSWORD is not set/);
  });
});
