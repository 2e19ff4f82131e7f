import { Redis } from 'ioredis';
import pg from 'pg';

/** What a benchmark stands on. */
export interface Services {
  databaseUrl: string;
  redisUrl: string;
}

/** What a database server must have on before a rate of it means anything. */
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** @throws Error when it was not started by `npm run bench` */
export function servicesFromEnvironment(): Services {
  const { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (!databaseUrl || !redisUrl) throw new Error('Run it with: npm run bench');
  return { databaseUrl, redisUrl };
}

/** The tests' server trades safety for speed; a benchmark may not. */
export async function insistOnDurability({ databaseUrl }: Services): Promise<void> {
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  for (const setting of DURABLE) {
    const { rows } = await admin.query<Record<string, string>>(`SHOW ${setting}`);
    if (rows[0]?.[setting] === 'off') await admin.query(`ALTER SYSTEM SET ${setting} = on`);
  }
  await admin.query('SELECT pg_reload_conf()');
  await admin.end();
}

/** @returns the URL of a new, empty database */
export async function freshDatabase({ databaseUrl }: Services): Promise<string> {
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  const name = `bench_${Date.now()}_${Math.floor(Math.random() * 1e6)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const own = new URL(databaseUrl);
  own.pathname = `/${name}`;
  return own.href;
}

/** Removes what an installation left in the queue, lest the next one's workers find it. */
export async function forgetJobs(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: '{broadsheet}:*', count: 1_000 }) as AsyncIterable<
    string[]
  >)
    if (keys.length > 0) await redis.unlink(keys);
  redis.disconnect();
}
