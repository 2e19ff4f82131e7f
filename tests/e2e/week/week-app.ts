import { ClockedApp } from '../../support/clocked-app.js';
import { stopAfterTests } from '../../support/leftovers.js';
import { emptyRedis } from '../../support/redis.js';
import { makeStore, type DatabaseKind } from '../../support/stores.js';
import { TEST_SECRET } from '../../support/test-config.js';

/** More than these are never on the wire, so no kill leaves more in doubt. */
export const CONNECTIONS = 5;

/** @param kind embedded: both stores; postgres: with Redis for the queue */
export async function startWeekApp(kind: DatabaseKind, smtpUrl: string, at: number): Promise<ClockedApp> {
  const store = kind === 'postgres' ? await makeStore(kind) : undefined;
  if (store) stopAfterTests(() => store.remove());
  return ClockedApp.start(at, {
    SMTP_URL: smtpUrl,
    SMTP_CONNECTIONS: String(CONNECTIONS),
    MAIL_FROM: 'The Harbour Post <news@harbour.example>',
    FETCH_ALLOW: '127.0.0.1/32',
    APP_SECRET: TEST_SECRET,
    ...(store ? { DATABASE_URL: store.config.database.url ?? '', REDIS_URL: await emptyRedis() } : {}),
  });
}
