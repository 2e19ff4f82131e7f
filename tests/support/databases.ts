/// <reference types="jest" />
import type { Database } from '#database/database.js';
import type { TestRole } from './roles.js';
import { DATABASE_KINDS, makeStore, serverUrl, type DatabaseKind, type TestStore } from './stores.js';

/**
 * Runs the same tests on the embedded database and on a real PostgreSQL.
 * @param body gets `open`, which makes a fresh, migrated, empty database at each call (about 0.5 s embedded, 0.1 s
 *   PostgreSQL, so one per file is usual), and the kind. It opens as the
 *   application's role, which may only do what the product does, unless told another. What it opened is closed and removed after the tests and after
 *   the body's own `afterAll` hooks.
 * @throws Error when the tests were not started with npm test
 */
export function onEachDatabase(
  title: string,
  body: (open: (as?: TestRole) => Promise<Database>, kind: DatabaseKind) => void,
): void {
  onEachStore(title, (make, kind) => body(async (as) => (await make()).open(as), kind));
}

/** As {@link onEachDatabase}, for tests that close and open again or hand a Config to an application. */
export function onEachStore(
  title: string,
  body: (make: () => Promise<TestStore>, kind: DatabaseKind) => void,
): void {
  serverUrl();
  describe.each(DATABASE_KINDS)(`${title} (%s)`, (kind) => {
    const stores: TestStore[] = [];
    body(async () => {
      const store = await makeStore(kind);
      stores.push(store);
      return store;
    }, kind);
    // Defined last, so it runs last: the body's hooks may still close workers that use the database.
    afterAll(async () => {
      for (const store of stores) await store.remove();
    });
  });
}
