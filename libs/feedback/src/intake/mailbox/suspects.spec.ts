import { Suspects } from './suspects.js';

const fail = (suspects: Suspects, times: number) => Array.from({ length: times }, () => suspects.failed(7));

test('a mail is tried five times, and counts anew when it was gone or its UID means another', () => {
  const suspects = new Suspects();
  suspects.opened(1n);
  expect([suspects.has(7), ...fail(suspects, 5)]).toEqual([false, false, false, false, false, true]);
  suspects.opened(1n); // connected again
  expect([suspects.has(7), suspects.has(8)]).toEqual([true, false]);
  suspects.keep([8]);
  expect([suspects.has(7), ...fail(suspects, 4)]).toEqual([false, false, false, false, false]);
  suspects.opened(2n);
  expect([suspects.has(7), ...fail(suspects, 4)]).toEqual([false, false, false, false, false]);
});
