-- Two roles for Broadsheet: one owns the tables and migrates, one may read and write rows and nothing else. For psql 15
-- or newer, in the database of Broadsheet, as a superuser:
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --dbname=broadsheet --file=scripts/postgres-roles.sql
--
-- An existing installation's tables get the new owner. Run twice it does no harm and sets the passwords again.
-- Docker Compose runs it when PostgreSQL makes its volume. What the second role may do with each table is granted by
-- the migrations (libs/database/src/migration/app-role.ts).
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\if :{?owner_password} \else
  \warn 'Set OWNER_PASSWORD, to the output of: openssl rand -hex 24'
  DO $$ BEGIN RAISE 'OWNER_PASSWORD is not set'; END $$;
\endif
\if :{?app_password} \else
  \warn 'Set APP_PASSWORD, to the output of: openssl rand -hex 24'
  DO $$ BEGIN RAISE 'APP_PASSWORD is not set'; END $$;
\endif

BEGIN;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['broadsheet_owner', 'broadsheet_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE broadsheet_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE broadsheet_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

-- TEMPORARY: choosing what goes to whom, and the queue in the database, use temporary tables.
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE :"DBNAME" TO broadsheet_owner;
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO broadsheet_app;
REVOKE CONNECT, TEMPORARY, CREATE ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON DATABASE :"DBNAME" FROM broadsheet_app;
-- Before PostgreSQL 15 everybody could make tables and functions there, and an upgraded database still lets them.
REVOKE CREATE ON SCHEMA public FROM PUBLIC, broadsheet_app;
GRANT USAGE, CREATE ON SCHEMA public TO broadsheet_owner;

-- What another role has made before. A sequence of a column goes with its table, what an extension brings stays.
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER SCHEMA %I OWNER TO broadsheet_owner', nspname)
      FROM pg_namespace WHERE nspname IN ('bullmq', 'drizzle')
    UNION ALL
    SELECT format('ALTER %s %I.%I OWNER TO broadsheet_owner',
                  CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, nspname, relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname IN ('public', 'bullmq', 'drizzle') AND relkind IN ('r', 'p', 'v', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO broadsheet_owner', p.oid::regprocedure)
      FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname IN ('public', 'bullmq', 'drizzle')
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER TYPE %I.%I OWNER TO broadsheet_owner', nspname, typname)
      FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
     WHERE nspname IN ('public', 'bullmq', 'drizzle') AND typtype IN ('e', 'd')
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;

COMMIT;
