import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { projectFolder } from '#kernel/project-folder.js';
import * as schema from './index.js';
import { LENT_DOWN, LENT_SQL, OWNERS, type TableName } from './owners.js';

/** By its name in the database. */
const TABLES: ReadonlyMap<string, TableName> = new Map(
  Object.entries(schema).flatMap(([name, value]) =>
    is(value, PgTable) ? [[getTableName(value), name as TableName] as const] : [],
  ),
);
const EXPORTS = new Set<string>(TABLES.values());

// A table in SQL is a name, or `${table}` as the schema exports it.
const TABLE = String.raw`(?:\$\{(?<table>\w+)\}|"?(?<name>\w+)"?)`;
const WRITES = [
  String.raw`\bINSERT\s+INTO\s+${TABLE}`,
  String.raw`\bUPDATE\s+(?:ONLY\s+)?${TABLE}(?:\s+(?:AS\s+)?\w+)?\s+SET\b`,
  String.raw`\bDELETE\s+FROM\s+(?:ONLY\s+)?${TABLE}`,
  String.raw`\bMERGE\s+INTO\s+${TABLE}`,
  String.raw`\bTRUNCATE\s+(?:TABLE\s+)?${TABLE}`,
  String.raw`\.(?:insert|update|delete)\(\s*(?<table>\w+)\s*\)`,
].map((pattern) => new RegExp(pattern, 'gi'));

/** What a file calls the tables that it imports: its name → the schema's. */
function importedTables(source: string): Map<string, TableName> {
  const names = new Map<string, TableName>();
  for (const [, list] of source.matchAll(
    /import\s*\{([^}]*)\}\s*from\s*'(?:#database\/schema\/|\.)[^']*'/g,
  )) {
    for (const item of list!.split(',')) {
      const [table, alias = table] = item.trim().split(/\s+as\s+/);
      if (EXPORTS.has(table!)) names.set(alias!, table as TableName);
    }
  }
  return names;
}

/** The tables that a file writes; of SQL those too that the schema does not know, but for its temporary ones. */
function written(source: string): string[] {
  const imported = importedTables(source);
  const temporary = [...source.matchAll(/CREATE\s+TEMP(?:ORARY)?\s+TABLE\s+(\w+)/gi)].map(
    ([, name]) => name!,
  );
  const found = new Set<string>();
  for (const pattern of WRITES) {
    for (const { groups } of source.matchAll(pattern)) {
      const { table, name } = groups as { table?: string; name?: string };
      const its = table ? imported.get(table) : (TABLES.get(name!) ?? name);
      if (its && !temporary.includes(its)) found.add(its);
    }
  }
  return [...found];
}

/** `libs/LIB/…` or `apps/APP/…`: the tables that it writes and another lib owns. */
function foreignWrites(path: string, source: string): string[] {
  const lib = /^libs\/([^/]+)\//.exec(path)?.[1];
  return written(source).filter(
    (table) => OWNERS[table as TableName] !== lib && LENT_DOWN[path] !== (table as TableName),
  );
}

const holdsSql = (source: string) => /from 'drizzle-orm|\.execute\(\s*['"`s]/.test(source);

function mayHoldSql(path: string): boolean {
  return path.startsWith('libs/database/') || path.endsWith('.repository.ts') || LENT_SQL.includes(path);
}

const files = ['libs', 'apps'].flatMap((folder) =>
  readdirSync(join(projectFolder(), folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /(?<!\.spec)\.tsx?$/.test(name))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return {
        path: relative(projectFolder(), path).split(sep).join('/'),
        source: readFileSync(path, 'utf8'),
      };
    }),
);

describe('tables', () => {
  it('are each written by the lib that owns them', () => {
    const foreign = files.flatMap(({ path, source }) =>
      foreignWrites(path, source).map((table) => `${path} writes ${table}`),
    );
    expect(foreign).toEqual([]);
  });

  it('are seen to be written, all of them: else this looks at nothing', () => {
    const seen = new Set(files.flatMap(({ source }) => written(source)));
    expect([...EXPORTS].filter((table) => !seen.has(table))).toEqual([]);
  });

  it.each([
    ['a statement', 'sql`INSERT INTO subscriber (id) VALUES (1)`'],
    ['an update with an alias', 'sql`UPDATE subscriber AS s\n  SET status = 1`'],
    ['a deletion', 'sql`delete from subscriber s`'],
    ['a part of a statement', 'sql`WITH gone AS (DELETE FROM "subscriber" RETURNING id) SELECT 1`'],
    [
      'an imported table in a statement',
      "import { subscriber } from '#database/schema/index.js';\nsql`INSERT INTO ${subscriber} (id)`",
    ],
    [
      'the query builder',
      "import { digest, subscriber } from '#database/schema/index.js';\nawait tx\n  .update(subscriber)\n  .set({})",
    ],
    [
      'the query builder under another name',
      "import { subscriber as reader } from '#database/schema/index.js';\ntx.delete(reader)",
    ],
  ])('are guarded against %s', (_what, source) => {
    expect(foreignWrites('libs/delivery/src/some.repository.ts', source)).toEqual(['subscriber']);
    expect(foreignWrites('apps/web/src/some.ts', source)).toEqual(['subscriber']);
    expect(foreignWrites('libs/audience/src/some.repository.ts', source)).toEqual([]);
  });

  it.each([
    ['a table of nobody', 'sql`INSERT INTO subscribers (id)`', ['subscribers']],
    ['a temporary table', 'sql`CREATE TEMP TABLE chosen AS SELECT 1`; sql`INSERT INTO chosen (id)`', []],
    ['a lock', 'sql`SELECT 1 FROM subscriber FOR UPDATE OF subscriber`', []],
    ['an upsert', 'sql`INSERT INTO transport_use (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = 2`', []],
    ['what only has the name of a table', 'load.delete(session)', []],
  ])('are judged by what is written: %s', (_what, source, expected) => {
    expect(foreignWrites('libs/delivery/src/some.repository.ts', source)).toEqual(expected);
  });

  it('have their owners in docs/architecture.md too', () => {
    const text = readFileSync(join(projectFolder(), 'docs/architecture.md'), 'utf8');
    const section = /\n## Tables have owners\n([^]*?)\n## /.exec(text)?.[1] ?? '';
    const told = [...section.matchAll(/^\| `(\w+)` +\| (.*?) *\|$/gm)].flatMap(([, lib, cell]) =>
      [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => [name, lib]),
    );
    const known = [...TABLES].map(([name, table]) => [name, OWNERS[table]]);
    expect(told.sort()).toEqual(known.sort());
  });
});

describe('SQL', () => {
  it('is in repositories, and in what they lend to each other', () => {
    const elsewhere = files.filter(({ path, source }) => holdsSql(source) && !mayHoldSql(path));
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('is in all that is said to hold it', () => {
    const holding = files.filter(({ source }) => holdsSql(source)).map(({ path }) => path);
    expect([...LENT_SQL, ...Object.keys(LENT_DOWN)].filter((path) => !holding.includes(path))).toEqual([]);
  });

  it.each([
    "import { sql } from 'drizzle-orm';",
    "import type { SQL } from 'drizzle-orm';",
    "await database.db.execute('SELECT 1');",
  ])('is seen: %s', (source) => {
    expect(holdsSql(source)).toBe(true);
  });
});
