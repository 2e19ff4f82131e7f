import { sql } from 'drizzle-orm';
import { recordBounces, type Bounce } from '#audience/suppression/bounces.js';
import type { Database } from '#database/database.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, PostOffice } from './delivery.harness.js';

const DAY = 24 * HOUR;
const EDITIONS = 6;
const RULES = { hardLimit: 2, soft: { limit: 2, withinDays: 14, restDays: 14 } };

/** At a day: the server took edition n, or it came back; `hard-`: of no edition we know of. */
type Step = [day: number, what: 'accepted' | 'hard' | 'soft' | 'hard-' | 'soft-', edition?: number];
/** What the last step leads to. */
type Case = [name: string, steps: Step[], expected: 'suppressed' | 'rested' | 'counted'];

const CASES: Case[] = [
  [
    'two mails',
    [
      [0, 'hard', 1],
      [1, 'hard', 2],
    ],
    'suppressed',
  ],
  [
    'one mail, told of twice',
    [
      [0, 'hard', 1],
      [1, 'hard', 1],
    ],
    'counted',
  ],
  [
    'two of no edition',
    [
      [0, 'hard-'],
      [1, 'hard-'],
    ],
    'suppressed',
  ],
  [
    'the next was accepted, and comes back later',
    [
      [0, 'hard', 1],
      [1, 'accepted', 2],
      [3, 'hard', 2],
    ],
    'suppressed',
  ],
  [
    'late bounces, while others are accepted',
    [
      [0, 'accepted', 1],
      [1, 'accepted', 2],
      [2, 'accepted', 3],
      [3, 'hard', 1],
      [4, 'hard', 2],
    ],
    'suppressed',
  ],
  [
    'accepted the day before the second',
    [
      [0, 'hard', 1],
      [1, 'accepted', 2],
      [2, 'hard', 3],
    ],
    'suppressed',
  ],
  [
    'accepted just under five days before',
    [
      [0, 'hard', 1],
      [1, 'accepted', 2],
      [5.9, 'hard', 3],
    ],
    'suppressed',
  ],
  [
    'accepted five days before, and never back',
    [
      [0, 'hard', 1],
      [1, 'accepted', 2],
      [6, 'hard', 3],
    ],
    'counted',
  ],
  [
    'accepted long before the first',
    [
      [0, 'accepted', 1],
      [10, 'hard', 2],
      [11, 'hard', 3],
    ],
    'suppressed',
  ],
  [
    'accepted between, but back since',
    [
      [0, 'hard', 1],
      [1, 'accepted', 2],
      [2, 'soft', 2],
      [9, 'hard', 3],
    ],
    'suppressed',
  ],
  [
    'a refusal of another kind between',
    [
      [0, 'hard', 1],
      [1, 'soft', 2],
      [2, 'hard', 3],
    ],
    'suppressed',
  ],
  [
    'full, two mails',
    [
      [0, 'soft', 1],
      [1, 'soft', 2],
    ],
    'rested',
  ],
  [
    'full, one mail',
    [
      [0, 'soft', 1],
      [1, 'soft', 1],
    ],
    'counted',
  ],
  [
    'full, of no edition',
    [
      [0, 'soft-'],
      [1, 'soft-'],
    ],
    'rested',
  ],
  [
    'full, long ago',
    [
      [0, 'soft', 1],
      [15, 'soft', 2],
    ],
    'counted',
  ],
  [
    'full, and one accepted for good between',
    [
      [0, 'soft', 1],
      [1, 'accepted', 2],
      [7, 'soft', 3],
    ],
    'counted',
  ],
  [
    'full, and one accepted just now',
    [
      [0, 'soft', 1],
      [1, 'accepted', 2],
      [2, 'soft', 3],
    ],
    'rested',
  ],
];

onEachDatabase('bounces of an address', (open) => {
  let database: Database;
  let office: PostOffice;
  let ids: Record<string, string>;
  const editions: string[] = [];

  beforeAll(async () => {
    database = await open();
    office = await PostOffice.open(database);
    const made = await office.audience(CASES.map((_, at) => `r${at}`));
    ids = made.ids;
    for (let at = 0; at < EDITIONS; at++) {
      const editionId = await office.requested(made.digestId);
      await office.prepare(editionId);
      editions.push(editionId);
    }
  }, 120_000);
  afterAll(() => office.close());

  async function take(subscriberId: string, [day, what, edition = 0]: Step): Promise<string> {
    const now = new Date(office.clock.now().getTime() + day * DAY);
    const editionId = edition === 0 ? null : editions[edition]!;
    const of = sql`edition_id = ${editionId}::uuid AND subscriber_id = ${subscriberId}::uuid`;
    if (what === 'accepted') {
      await database.db.execute(
        sql`UPDATE delivery SET status = 'accepted', accepted_at = ${now.toISOString()}::timestamptz WHERE ${of}`,
      );
      return 'accepted';
    }
    if (editionId !== null) {
      await database.db.execute(
        sql`UPDATE delivery SET bounced_at = ${now.toISOString()}::timestamptz WHERE ${of} AND accepted_at IS NOT NULL`,
      );
    }
    const its = what.startsWith('hard') ? 'hard' : 'soft';
    const bounce: Bounce = {
      subscriberId,
      editionId,
      class: its,
      code: null,
      status: null,
      reply: '',
      returnedItemId: null,
    };
    const actions = await database.transaction((tx) => recordBounces(tx, [bounce], RULES, now));
    return actions.get(subscriberId)!;
  }

  it.each(CASES.map(([name, steps, expected], at) => ({ name, steps, expected, at })))(
    '$name: $expected',
    async ({ steps, expected, at }) => {
      let last = '';
      for (const step of steps) last = await take(ids[`r${at}`]!, step);
      expect(last).toBe(expected);
    },
  );
});
