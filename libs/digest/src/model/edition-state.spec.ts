import { EDITION_STATUSES } from '#database/schema/index.js';
import { EDITION_EVENTS, mayHappen, type EditionEvent } from './edition-state.js';

const EVENTS = Object.keys(EDITION_EVENTS) as EditionEvent[];

it.each<[string, EditionEvent[]]>([
  ['draft', ['schedule', 'unschedule', 'send', 'cancel']],
  ['scheduled', ['schedule', 'unschedule', 'send', 'cancel']],
  ['preparing', ['freeze', 'pause', 'cancel', 'fail']],
  ['sending', ['pause', 'finish', 'cancel', 'fail']],
  ['paused', ['resume', 'cancel', 'fail']],
  ['sent', []],
  ['cancelled', []],
  ['failed', []],
])('%s allows %j and nothing else', (status, expected) => {
  expect(EVENTS.filter((event) => mayHappen(event, status as never))).toEqual(expected);
});

it('knows no state that the database does not', () => {
  for (const { from, to } of Object.values(EDITION_EVENTS)) {
    for (const state of [...from, to]) expect(EDITION_STATUSES).toContain(state);
  }
});

it('leads from draft to every state', () => {
  const reached = new Set<string>(['draft']);
  for (let round = 0; round < EDITION_STATUSES.length; round++) {
    for (const { from, to } of Object.values(EDITION_EVENTS)) {
      if (from.some((state) => reached.has(state))) reached.add(to);
    }
  }
  expect([...reached].sort()).toEqual([...EDITION_STATUSES].sort());
});
