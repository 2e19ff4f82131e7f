import type { DatabaseKind } from '../support/stores.js';
import { HOUR, IS_WHOLE } from './week/calendar.js';
import { seedOfRun } from './week/dice.js';
import { reckon } from './week/ledger.js';
import { ALL_DEEDS } from './week/newsdesk.js';
import { CONNECTIONS } from './week/week-app.js';
import { Week } from './week/week.js';

/** The embedded stores take minutes of their own. */
const STORES: [string, DatabaseKind][] = [
  ['PostgreSQL and Redis', 'postgres'],
  ...(IS_WHOLE ? [['the embedded stores', 'embedded'] as [string, DatabaseKind]] : []),
];

describe.each(STORES)('a simulated week on %s', (title, kind) => {
  const seed = seedOfRun();
  let week: Week;

  beforeAll(async () => {
    process.stdout.write(`SEED=${seed} (${title})\n`);
    week = await Week.open(kind, seed);
  }, 240_000);
  afterAll(() => week?.app.stop());

  it('gives every reader exactly what they asked for, at their hour: nothing twice, nothing missing', async () => {
    const began = performance.now();
    await week.run();
    const ledger = await reckon(week.app, week.all, week.doubled, CONNECTIONS);
    expect(week.site.offRhythm(HOUR)).toEqual([]);
    expect(week.restarts).toBe(2);
    expect(Object.keys(week.sums())).toEqual(expect.arrayContaining(ALL_DEEDS));
    expect(week.peer.violations).toEqual([]);
    const seconds = Math.round((performance.now() - began) / 1000);
    const sums = Object.entries({ ...week.sums(), ...ledger, seconds });
    process.stdout.write(`${title}: ${sums.map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
  }, 900_000);
});
