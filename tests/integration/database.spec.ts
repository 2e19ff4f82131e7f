import { once } from 'node:events';
import { join } from 'node:path';
import { sql, type SQL } from 'drizzle-orm';
import { testConfig, silentLog } from '../support/test-config.js';
import { endChild } from '../support/child.js';
import { onEachDatabase, onEachStore } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { startScript, untilSaid } from '../support/script.js';
import { makeBarePostgres, makeStore } from '../support/stores.js';
import type { Database, Executor } from '#database/database.js';
import { EmbeddedDatabase } from '#database/connection/embedded.js';
import { sqlState, violatedConstraint } from '#database/errors.js';
import { FolderLockedError } from '#database/connection/folder-lock.js';
import { migrateDatabase } from '#database/migration/migrate.js';
import { openDatabase } from '#database/connection/open.js';
import { PostgresDatabase } from '#database/connection/postgres.js';
import { consent, consentEvidence, publication, topic } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

async function givePublication(db: Executor): Promise<string> {
  const id = newId();
  await db.insert(publication).values({
    id,
    name: 'The Harbour Post',
    baseUrl: 'http://localhost',
    senderName: 'The Harbour Post',
    senderEmail: 'news@example.org',
    postalAddress: '1 Quay, Harbour',
    locale: 'en',
    timeZone: 'UTC',
    theme: { accentColor: '#123456' },
    wording: {},
  });
  return id;
}

/** Gives each append-only table a row. */
async function giveLedger(db: Executor): Promise<void> {
  const publicationId = await givePublication(db);
  const [termsId, consentId, sealId, subscriberId] = [newId(), newId(), newId(), newId()];
  const now = new Date();
  await db.execute(sql`INSERT INTO terms_version (id, publication_id, version, locale, text, sha256)
    VALUES (${termsId}, ${publicationId}, 1, 'en', 'Terms', 'hash')`);
  await db.insert(consent).values({
    id: consentId,
    publicationId,
    subscriberId,
    kind: 'given',
    method: 'form',
    purposes: ['newsletter'],
    locale: 'en',
    addressHmac: Buffer.from('hmac'),
    submittedAt: now,
    rowSha256: 'hash',
  });
  await db
    .insert(consentEvidence)
    .values({ consentId, subscriberId, salt: 'salt', address: 'reader@example.org' });
  await db.execute(sql`INSERT INTO consent_seal (id, publication_id, number, row_count, previous_sha256, sha256, created_at)
    VALUES (${sealId}, ${publicationId}, 1, 1, '', 'hash', now())`);
  await db.execute(
    sql`INSERT INTO consent_seal_row (consent_id, seal_id, position) VALUES (${consentId}, ${sealId}, 0)`,
  );
  await db.execute(
    sql`INSERT INTO audit_entry (id, publication_id, action, subject_type) VALUES (${newId()}, ${publicationId}, 'export', 'subscriber')`,
  );
}

async function rowsOf(db: Executor, statement: SQL): Promise<Record<string, unknown>[]> {
  const result = (await db.execute(statement)) as { rows: Record<string, unknown>[] };
  return result.rows;
}

/** Everything a migration could change: columns, constraints and triggers, and which migrations ran. */
async function shapeOf({ db }: Database): Promise<unknown[]> {
  const parts = [
    sql`SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema IN ('public', 'bullmq') ORDER BY 1, 2, 3`,
    sql`SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2`,
    sql`SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
    sql`SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id`,
  ];
  const shapes: unknown[] = [];
  for (const part of parts) shapes.push(await rowsOf(db, part));
  return shapes;
}

async function count(db: Executor, table: string): Promise<number> {
  const [row] = await rowsOf(db, sql`SELECT count(*) AS n FROM ${sql.identifier(table)}`);
  return Number(row?.n); // a number from PGlite, a string from pg
}

onEachDatabase('the database', (open, kind) => {
  let database: Database;
  beforeAll(async () => (database = await open('owner')));

  it('is migrated once: the second time changes nothing', async () => {
    const before = await shapeOf(database);
    expect((before[3] as unknown[]).length).toBeGreaterThanOrEqual(2);
    await migrateDatabase(database);
    expect(await shapeOf(database)).toEqual(before);
  });

  describe.each(['consent', 'consent_seal', 'consent_seal_row', 'terms_version', 'audit_entry'])(
    'refuses for %s',
    (table) => {
      beforeAll(async () => {
        if ((await count(database.db, table)) === 0) await giveLedger(database.db);
      });

      const name = sql.identifier(table);
      const key = sql.identifier(table === 'consent_seal_row' ? 'consent_id' : 'id');
      it.each([
        ['UPDATE', sql`UPDATE ${name} SET ${key} = ${key}`],
        ['DELETE', sql`DELETE FROM ${name}`],
        ['TRUNCATE', sql`TRUNCATE ${name} CASCADE`],
      ])('%s', async (_operation, statement) => {
        const before = await count(database.db, table);
        const error: unknown = await database.db.execute(statement).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(sqlState(error)).toBe('23001'); // restrict_violation
        expect(await count(database.db, table)).toBe(before);
      });
    },
  );

  it('lets the evidence of a consent be erased, but not altered', async () => {
    const { db } = database;
    await giveLedger(db);
    await expect(db.update(consentEvidence).set({ address: 'other@example.org' })).rejects.toThrow();
    await db.delete(consentEvidence);
    expect(await count(db, 'consent_evidence')).toBe(0);
  });

  it('rolls back all of a transaction that throws, and commits one that does not', async () => {
    const before = await count(database.db, 'publication');
    const work = database.transaction(async (tx) => {
      await givePublication(tx);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await count(database.db, 'publication')).toBe(before);
    await expect(database.transaction((tx) => givePublication(tx))).resolves.toHaveLength(36);
    expect(await count(database.db, 'publication')).toBe(before + 1);
  });

  it('names the constraint that an insert violates', async () => {
    const publicationId = await givePublication(database.db);
    const insert = () =>
      database.db.insert(topic).values({ id: newId(), publicationId, slug: 'tides', name: 'Tides' });
    await insert();
    const error: unknown = await insert().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(sqlState(error)).toBe('23505');
    expect(violatedConstraint(error)).toMatch(/^topic_.*slug/);
  });

  it('gives bytes back as they were', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await database.db.execute(sql`INSERT INTO installation_secret (name, sealed) VALUES ('bytes', ${all})`);
    const row = await database.db.query.installationSecret.findFirst();
    expect(row?.sealed).toEqual(all);
  });

  it('has a pool for the queue, which hears notifications', async () => {
    const pool = database.queuePool();
    const { rows } = await pool.query("SELECT current_setting('search_path') AS path");
    expect(rows[0]?.path).toMatch(/bullmq/);
    const client = (await pool.connect()) as {
      query: (text: string) => Promise<unknown>;
      on: (event: 'notification', heard: (message: { channel: string; payload: string }) => void) => void;
      release: () => void;
    };
    await client.query('LISTEN news');
    const heard = new Promise((resolve) => client.on('notification', resolve));
    await pool.query("SELECT pg_notify('news', 'tide')");
    await expect(heard).resolves.toMatchObject({ channel: 'news', payload: 'tide' });
    await client.query('UNLISTEN news');
    client.release();
  });

  it('answers a ping until it is closed', async () => {
    const other = await open();
    expect(other.kind).toBe(kind);
    await other.ping();
    await other.close();
    await expect(other.ping()).rejects.toThrow();
  });
});

onEachStore('openDatabase', (make, kind) => {
  it('opens what the configuration names, and migrates it', async () => {
    const { config } = await make();
    const database = await openDatabase(testConfig(config), silentLog());
    expect(database.kind).toBe(kind);
    expect(await count(database.db, 'publication')).toBe(0);
    await database.close();
  });
});

describe('the embedded database', () => {
  it('loses no committed row to kill -9, at whatever moment', async () => {
    const store = await makeStore('embedded');
    for (let kill = 1; kill <= 3; kill += 1) {
      const child = startScript(`
        import { writeSync } from 'node:fs';
        import { EmbeddedDatabase } from '#database/connection/embedded.js';
        import { installationSecret } from '#database/schema/index.js';
        const database = await EmbeddedDatabase.open(${JSON.stringify(store.config.dataDir)});
        for (let n = 1; ; n += 1) {
          const name = '${kill}-' + n;
          const sealed = Buffer.alloc(2000, n);
          await database.transaction((tx) => tx.insert(installationSecret).values({ name, sealed }));
          writeSync(1, name + '\\n');
        }`);
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await untilSaid(child, new RegExp(`${kill}-${kill * 37}\\n`));
      await endChild(child, 'SIGKILL');
      if (!child.stdout.closed) await once(child.stdout, 'close');

      const database = await store.open(); // the dead holder's lock is taken over
      const rows = await database.db.query.installationSecret.findMany({ columns: { name: true } });
      const kept = new Set(rows.map((row) => row.name));
      const committed = said.split('\n').slice(0, -1);
      expect(committed.length).toBeGreaterThanOrEqual(kill * 37);
      expect(committed.filter((name) => !kept.has(name))).toEqual([]);
      await database.close();
    }
    await store.remove();
  });

  it('is for one process: a second opening is refused and does the first no harm', async () => {
    const store = await makeStore('embedded');
    const first = await store.open();
    await expect(EmbeddedDatabase.open(store.config.dataDir)).rejects.toThrow(FolderLockedError);
    const other = startScript(`
      import { EmbeddedDatabase } from '#database/connection/embedded.js';
      await EmbeddedDatabase.open(${JSON.stringify(store.config.dataDir)}).catch((e) => console.log(e.name));`);
    await untilSaid(other, /FolderLockedError/);
    await first.ping();
    await first.close();
    await (await store.open()).ping();
    await store.remove();
  });

  it('lets the process do other things between statements that follow one another', async () => {
    const store = await makeStore('embedded');
    const database = await store.open();
    let turns = 0;
    const other = setInterval(() => (turns += 1), 1);
    const done = database.transaction(async (tx) => {
      for (let n = 0; n < 1_000; n += 1) await tx.execute(sql`SELECT ${n}::int`);
      return turns;
    });
    expect(await done).toBeGreaterThan(5);
    clearInterval(other);
    await store.remove();
  });

  it('gives the folder back when it cannot be opened', async () => {
    const store = await makeStore('embedded');
    const { rm, writeFile } = await import('node:fs/promises');
    const db = join(store.config.dataDir, 'db');
    await rm(db, { recursive: true });
    await writeFile(db, 'not a folder');
    await expect(store.open()).rejects.not.toThrow(FolderLockedError);
    await expect(store.open()).rejects.not.toThrow(FolderLockedError);
    await store.remove();
  });
});

describe('PostgreSQL', () => {
  it('is migrated by many processes at once as if by one', async () => {
    const { url, remove } = await makeBarePostgres();
    const databases = await Promise.all(
      Array.from({ length: 5 }, () => PostgresDatabase.open(url, 2, silentLog())),
    );
    await Promise.all(databases.map((database) => migrateDatabase(database)));
    const migrated = await makeStore('postgres');
    expect(await shapeOf(databases[0]!)).toEqual(await shapeOf(await migrated.open()));
    await Promise.all(databases.map((database) => database.close()));
    await remove();
    await migrated.remove();
  });

  it('may drop idle connections', async () => {
    const store = await makeStore('postgres');
    const database = await store.open();
    const other = await store.open();
    await Promise.all([database.ping(), database.ping(), database.queuePool().query('SELECT 1')]);
    await other.db.execute(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    // Each of the two that has not yet heard of its end may fail one query, and only one.
    const ping = () => database.ping();
    await ping().catch(ping).catch(ping);
    await store.remove();
  });

  it('that does not answer is named by its variable, never with its password', async () => {
    const opening = PostgresDatabase.open(
      `postgres://me:hunter2@127.0.0.1:${await freePort()}/x`,
      2,
      silentLog(),
    );
    const error = await opening.then(
      () => new Error('it was opened'),
      (reason: unknown) => reason as Error,
    );
    expect(error.message).toMatch(/^DATABASE_URL: cannot use the database: .*ECONNREFUSED/);
    expect(error.message).not.toContain('hunter2');
  });
});
