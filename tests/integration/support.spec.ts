import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { sql } from 'drizzle-orm';
import { publication } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { launchChromium } from '../support/chromium.js';
import { onEachDatabase, onEachStore } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { emptyRedis, startRedis } from '../support/redis.js';
import { testConfig } from '../support/test-config.js';
import { eventually, NeverError } from '../support/wait-for.js';

const aPublication = () => ({
  id: newId(),
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

onEachDatabase('a test database', (open, kind) => {
  it('is migrated, empty and of its own', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    expect(one.kind).toBe(kind);
    await one.db.insert(publication).values(aPublication());
    await expect(one.db.select().from(publication)).resolves.toHaveLength(1);
    await expect(other.db.select().from(publication)).resolves.toEqual([]);
    await other.queuePool().query('SELECT 1');
  });

  it('may be closed by the test', async () => {
    const database = await open();
    await database.close();
    await expect(database.ping()).rejects.toThrow();
  });

  it('reads instants back as they were written, whatever the zone of the server', async () => {
    const { db } = await open();
    const createdAt = new Date('2026-03-29T00:59:59.123Z');
    await db.insert(publication).values({ ...aPublication(), createdAt });
    const [row] = await db.select().from(publication);
    expect(row?.createdAt).toEqual(createdAt);
    await expect(
      db
        .select()
        .from(publication)
        .where(sql`${publication.createdAt} = ${createdAt.toISOString()}`),
    ).resolves.toHaveLength(1);
  });
});

onEachStore('a test store', (make) => {
  it('keeps its rows over a close', async () => {
    const store = await make();
    const first = await store.open();
    await first.db.insert(publication).values(aPublication());
    await first.close();
    const second = await store.open();
    await expect(second.db.select().from(publication)).resolves.toHaveLength(1);
  });
});

describe('a test Redis', () => {
  it('loses nothing to kill -9 and everything to a flush', async () => {
    const server = await startRedis();
    const client = new Redis(server.url, { maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.set('kept', 'yes');
    await server.kill();
    await server.restart();
    await expect(client.get('kept')).resolves.toBe('yes');
    await server.flush();
    await expect(client.get('kept')).resolves.toBeNull();
    client.disconnect();
    await server.stop();
  });

  it('gives each test an empty database of the shared one', async () => {
    const [one, other] = [new Redis(await emptyRedis()), new Redis(await emptyRedis())];
    await one.set('key', '1');
    await expect(other.get('key')).resolves.toBeNull();
    one.disconnect();
    other.disconnect();
  });
});

describe('eventually', () => {
  it('asks until there is an answer', async () => {
    let asked = 0;
    await expect(eventually(() => (asked += 1) > 2 && 'yes')).resolves.toBe('yes');
    expect(asked).toBe(3);
  });

  it('tells the last failure when the time is up, or at once when it can never be', async () => {
    const fail = () => Promise.reject(new Error('not yet'));
    await expect(eventually(fail, { timeoutMs: 30, what: 'the thing' })).rejects.toThrow(
      /the thing.*not yet/,
    );
    const never = () => Promise.reject(new NeverError('never'));
    await expect(eventually(never)).rejects.toThrow('never');
  });
});

it('hands out ports that can be listened on', async () => {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  expect(new Set(ports).size).toBe(3);
});

it('makes a configuration without writing a file', () => {
  const config = testConfig({ inDoubt: 'hold' });
  expect(config).toMatchObject({ inDoubt: 'hold', database: { url: null }, log: { level: 'silent' } });
  expect(() => rmSync(config.dataDir)).toThrow('ENOENT');
});

it('opens a page in Chromium', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.setContent('<h1>Broadsheet</h1>');
  await expect(page.textContent('h1')).resolves.toBe('Broadsheet');
  await browser.close();
});
