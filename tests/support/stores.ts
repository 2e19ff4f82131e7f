import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '#kernel/config/config.js';
import type { Database } from '#database/database.js';
import { EmbeddedDatabase } from '#database/connection/embedded.js';
import { migrateDatabase } from '#database/migration/migrate.js';
import { PostgresDatabase } from '#database/connection/postgres.js';
import { makeFolder } from './folders.js';
import { asRole, makeRoles, nameOf, type TestRole } from './roles.js';
import { ROOT } from './root.js';
import { silentLog } from './test-config.js';

export type DatabaseKind = Database['kind'];
export const DATABASE_KINDS = ['embedded', 'postgres'] as const satisfies DatabaseKind[];

/** Connections of one test's database: more than any test needs at once, few enough for many of them. */
const POOL = 10;

/** An empty, migrated store of a test's own. */
export interface TestStore {
  readonly kind: DatabaseKind;
  /** What a Config says of it. A folder of its own too where the database is PostgreSQL. */
  readonly config: Pick<Config, 'dataDir' | 'database'>;
  /**
   * Opens it as the application does, or as another role, to do what the application may not; embedded there is one.
   * Also again after a close. Closing it twice is fine.
   */
  open: (as?: TestRole) => Promise<Database>;
  /** Closes whatever was opened and removes all of it. */
  remove: () => Promise<void>;
}

/** Makes an empty, migrated store. It copies a template, because making one from nothing takes seconds. */
export async function makeStore(kind: DatabaseKind): Promise<TestStore> {
  const folder = await makeFolder();
  const url = kind === 'postgres' ? await makePostgres() : null;
  // A thousand small files: done synchronously it takes a third of the time.
  if (kind === 'embedded') cpSync(await embeddedTemplate(), folder.path, { recursive: true });
  const opened: Database[] = [];
  const urlAs = (role: TestRole) => (url ? asRole(url, role) : null);
  return {
    kind,
    config: {
      dataDir: folder.path,
      database: { url: urlAs('application'), migrationUrl: urlAs('owner'), pool: POOL },
    },
    async open(as = 'application') {
      const database = url
        ? await PostgresDatabase.open(asRole(url, as), POOL, silentLog())
        : await EmbeddedDatabase.open(folder.path);
      opened.push(closableTwice(database));
      return database;
    },
    async remove() {
      for (const database of opened) await database.close();
      if (url) await dropDatabase(url);
      await folder.remove();
    },
  };
}

/** A PostgreSQL database with nothing in it. */
export interface BarePostgres {
  /** The administrator's. */
  url: string;
  ownerUrl: string;
  /** Of the role that may read and write rows, once the owner has migrated and let it. */
  appUrl: string;
  remove: () => Promise<void>;
}

/** Makes a new PostgreSQL database with nothing in it, for tests of the migrations. */
export async function makeBarePostgres(): Promise<BarePostgres> {
  const url = await createDatabase();
  return {
    url,
    ownerUrl: asRole(url, 'owner'),
    appUrl: asRole(url, 'application'),
    remove: () => dropDatabase(url),
  };
}

function closableTwice(database: Database): Database {
  const close = database.close.bind(database);
  let closing: Promise<void> | undefined;
  database.close = () => (closing ??= close());
  return database;
}

/** Changes whenever a template made earlier would no longer be what migrating makes now. */
async function templateKey(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = join(ROOT, 'libs/database/migrations');
  const files = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).sort();
  const versions = ['@electric-sql/pglite', 'bullmq'].map((name) =>
    join(ROOT, 'node_modules', name, 'package.json'),
  );
  const journal = join(migrations, 'meta/_journal.json');
  for (const file of [...files.map((name) => join(migrations, name)), journal, ...versions]) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

const TEMPLATES = join(ROOT, 'node_modules/.cache/broadsheet-tests');
let template: Promise<string> | undefined;

/** The folder that embedded stores are copied from: made once per machine and version of the migrations. */
export function embeddedTemplate(): Promise<string> {
  return (template ??= makeEmbeddedTemplate());
}

async function makeEmbeddedTemplate(): Promise<string> {
  const folder = join(TEMPLATES, await templateKey());
  if (existsSync(folder)) return folder;
  await mkdir(TEMPLATES, { recursive: true });
  const aside = await mkdtemp(join(TEMPLATES, 'new-'));
  const database = await EmbeddedDatabase.open(aside);
  await migrateDatabase(database);
  await database.close();
  try {
    await rename(aside, folder); // it appears whole
  } catch {
    await rm(aside, { recursive: true }); // another test process was faster; its folder is as good
  }
  return folder;
}

async function makePostgres(): Promise<string> {
  const name = `broadsheet_template_${await templateKey()}`;
  await asAdministrator(async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]); // ends with the session
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [
      name,
    ]);
    if (rowCount) return;
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await makeRoles(admin);
    await admin.query(`CREATE DATABASE ${name} OWNER ${nameOf('owner')}`);
    const database = await PostgresDatabase.open(asRole(urlOf(name), 'owner'), 2, silentLog());
    await migrateDatabase(database, nameOf('application'));
    await database.close();
    await admin.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  });
  return createDatabase(name);
}

async function createDatabase(from = 'template0'): Promise<string> {
  const name = `broadsheet_test_${randomBytes(8).toString('hex')}`;
  await asAdministrator(async (admin) => {
    await makeRoles(admin);
    await admin.query(`CREATE DATABASE ${name} OWNER ${nameOf('owner')} TEMPLATE ${from}`);
  });
  return urlOf(name);
}

async function dropDatabase(url: string): Promise<void> {
  await asAdministrator((admin) =>
    admin.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`),
  );
}

/** @throws Error when the tests were not started with npm test */
export function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) {
    throw new Error(
      'TEST_DATABASE_URL is not set: start the tests with `npm test` (one file: `npm test -- PATH`).',
    );
  }
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdministrator<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
