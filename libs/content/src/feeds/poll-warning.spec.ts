import type { IdentifiedEntry } from '../reading/entry-identity.js';
import { warningOf } from './poll-warning.js';

const document = (...dates: (string | null)[]) => ({
  title: 'T',
  entries: dates.map((unreadableDate) => ({ entry: { unreadableDate } }) as IdentifiedEntry),
  broken: 0,
  omitted: 0,
});

it('tells what could not be used as it came, all of it', () => {
  expect(warningOf(document(null), 0, 0)).toBeNull();
  expect(warningOf(document('soon', null, 'later'), 1, 2)).toBe(
    'One entry has nothing that an article could be made of, or too much of it. ' +
      '2 entries come with broken characters now; the good text is kept. ' +
      '2 entries have a date that can not be read (“soon”): the time when it was first seen counts.',
  );
});

it('tells what was not looked at', () =>
  expect(warningOf({ ...document(), omitted: 1 }, 0, 0)).toBe(
    'One entry is not looked at: of a feed only the newest 2000 are.',
  ));
