import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, type SQL } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { migrateDatabase } from '#database/migration/migrate.js';
import { PostgresDatabase } from '#database/connection/postgres.js';
import { newId } from '#kernel/ids.js';
import { makeFolder } from '../support/folders.js';
import { ROOT } from '../support/root.js';
import { makeBarePostgres } from '../support/stores.js';
import { silentLog } from '../support/test-config.js';

interface Journal {
  entries: { idx: number; tag: string }[];
}

/** The migrations as a version had them whose last one was this. */
async function migrationsUpTo(tag: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await makeFolder();
  await cp(join(ROOT, 'libs/database/migrations'), folder.path, { recursive: true });
  const file = join(folder.path, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as Journal;
  const last = journal.entries.find((entry) => entry.tag === tag)!.idx;
  journal.entries = journal.entries.filter((entry) => entry.idx <= last);
  await writeFile(file, JSON.stringify(journal));
  return folder;
}

async function rowsOf(database: Database, query: SQL): Promise<Record<string, unknown>[]> {
  const result: unknown = await database.db.execute(query);
  return (result as { rows: Record<string, unknown>[] }).rows;
}

describe('an upgrade', () => {
  it('keeps what editions were sent with, as waves and sets of articles', async () => {
    const server = await makeBarePostgres();
    const before = await migrationsUpTo('0005_feeds');
    const database = await PostgresDatabase.open(server.url, 2, silentLog());
    try {
      await database.applyMigrations(before.path);
      const [publicationId, digestId, editionId, draftId, variantId] = Array.from({ length: 5 }, newId);
      const articles = Array.from({ length: 3 }, newId);
      await database.db.execute(sql`
        INSERT INTO publication (id, name, base_url, sender_name, sender_email, postal_address, locale, time_zone, theme, wording)
        VALUES (${publicationId}, 'The Harbour Post', 'https://harbour.example', 'Post', 'post@harbour.example', '', 'en', 'UTC', '{}', '{}')`);
      for (const id of articles) {
        await database.db.execute(sql`
          INSERT INTO article (id, publication_id, slug, title, source, format, html, text, summary, published_at, created_at)
          VALUES (${id}, ${publicationId}, ${id}, 'T', 'x', 'text', 'x', 'x', 'x', '2026-01-01Z', '2026-01-02Z')`);
      }
      await database.db.execute(
        sql`INSERT INTO digest (id, publication_id, slug, name) VALUES (${digestId}, ${publicationId}, 'd', 'D')`,
      );
      for (const [id, status] of [
        [editionId, 'sent'],
        [draftId, 'draft'],
      ]) {
        await database.db.execute(sql`
          INSERT INTO edition (id, publication_id, digest_id, slug, status, recipients, batches, started_at)
          VALUES (${id}, ${publicationId}, ${digestId}, ${id}, ${status}, 1, ${status === 'sent' ? 1 : 0}, '2026-01-03Z')`);
        for (const [position, articleId] of articles.entries()) {
          await database.db.execute(
            sql`INSERT INTO edition_article (edition_id, article_id, position) VALUES (${id}, ${articleId}, ${position})`,
          );
        }
      }
      await database.db.execute(
        sql`INSERT INTO edition_content (edition_id, locale, content) VALUES (${editionId}, 'en', '{"version":1}')`,
      );
      await database.db.execute(sql`
        INSERT INTO variant (id, edition_id, locale, article_ids)
        VALUES (${variantId}, ${editionId}, 'en', ${`{${articles[0]},${articles[2]}}`}::uuid[])`);

      await migrateDatabase(database);
      expect(await rowsOf(database, sql`SELECT edition_id, wave, variants FROM edition_wave`)).toEqual([
        { edition_id: editionId, wave: 0, variants: 1 },
      ]);
      expect(
        await rowsOf(
          database,
          sql`SELECT v.id, v.wave, v.mask::text AS mask, v.more, c.content
              FROM variant v JOIN edition_content c ON c.id = v.content_id`,
        ),
      ).toEqual([{ id: variantId, wave: 0, mask: '101', more: false, content: { version: 1 } }]);
      expect(await rowsOf(database, sql`SELECT status, waves FROM edition ORDER BY status`)).toEqual([
        { status: 'draft', waves: 0 },
        { status: 'sent', waves: 1 },
      ]);
      // Stories that were there are not news because of an upgrade.
      expect(
        await rowsOf(database, sql`SELECT DISTINCT extract(epoch FROM news_at)::int AS at FROM article`),
      ).toEqual([{ at: Date.UTC(2026, 0, 2) / 1000 }]);
    } finally {
      await database.close();
      await before.remove();
      await server.remove();
    }
  });

  it('takes secrets out of the audit, which then refuses changes again, and marks mails that open accounts', async () => {
    const server = await makeBarePostgres();
    const before = await migrationsUpTo('0016_people');
    const database = await PostgresDatabase.open(server.url, 2, silentLog());
    try {
      await database.applyMigrations(before.path);
      const [publicationId, mailId] = [newId(), newId()];
      await database.db.execute(sql`
        INSERT INTO publication (id, name, base_url, sender_name, sender_email, postal_address, locale, time_zone, theme, wording)
        VALUES (${publicationId}, 'The Harbour Post', 'https://harbour.example', 'Post', 'post@harbour.example', '', 'en', 'UTC', '{}', '{}')`);
      for (const [action, detail] of [
        ['POST /api/v1/account/totp', '{"uri": {"to": "otpauth://totp/x?secret=SECRETMARK"}}'],
        ['POST /api/v1/account/passkeys/options', '{"publicKey": {"to": "SECRETMARK"}}'],
        ['POST /api/v1/topics', '{"name": {"to": "Harbour"}}'],
      ]) {
        await database.db.execute(sql`
          INSERT INTO audit_entry (id, publication_id, action, subject_type, detail)
          VALUES (${newId()}, ${publicationId}, ${action}, 'x', ${detail}::jsonb)`);
      }
      await database.db.execute(sql`
        INSERT INTO idempotency_key (api_key_id, key, request_sha256, status, body)
        VALUES (${newId()}, 'k', 'x', 201, '{"uri": "otpauth://totp/x?secret=SECRETMARK"}')`);
      await database.db.execute(sql`
        INSERT INTO outbox_mail (id, publication_id, kind, status, due_at, expires_at)
        VALUES (${mailId}, ${publicationId}, 'invitation', 'accepted', now(), now())`);
      for (const name of [`mail.${mailId.replaceAll('-', '')}`, 'mail.other']) {
        await database.db.execute(sql`
          INSERT INTO mailbox_message (id, message_id, recipient, sender, subject, raw, received_at)
          VALUES (${newId()}, ${`<${name}@harbour.example>`}, 'a@x.example', 'b@x.example', ${name}, '', now())`);
      }
      await migrateDatabase(database);
      expect(await rowsOf(database, sql`SELECT detail FROM audit_entry ORDER BY action`)).toEqual([
        { detail: null },
        { detail: null },
        { detail: { name: { to: 'Harbour' } } },
      ]);
      expect(await rowsOf(database, sql`SELECT key FROM idempotency_key`)).toEqual([]);
      await expect(database.db.execute(sql`UPDATE audit_entry SET action = 'x'`)).rejects.toThrow();
      expect(
        await rowsOf(database, sql`SELECT opens_account FROM mailbox_message ORDER BY opens_account`),
      ).toEqual([{ opens_account: false }, { opens_account: true }]);
    } finally {
      await database.close();
      await before.remove();
      await server.remove();
    }
  });
});
