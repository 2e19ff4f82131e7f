import { groupsAt, groupsOfSlot } from './reader-groups.js';

const instant = (text: string) => new Date(`2027-01-${text}:00Z`);
const slot = { at: instant('13T07:00'), previousAt: instant('12T07:00'), local: true };
const groups = [
  { zone: 'Asia/Kolkata', hour: null },
  { zone: 'Europe/Berlin', hour: null },
  { zone: 'Europe/Berlin', hour: 20 },
  { zone: 'Atlantis/Capital', hour: null },
];

describe('groups of a slot', () => {
  it.each<[string, string, string | null, string[], string | null]>([
    ['nobody yet', '13T01:29', null, [], '13T01:30'],
    ['the first', '13T01:30', null, ['Asia/Kolkata'], '13T06:00'],
    ['each once', '13T06:00', '13T01:30', ['Europe/Berlin', 'Atlantis/Capital'], '13T19:00'],
    [
      'all whose time was missed',
      '13T06:10',
      null,
      ['Asia/Kolkata', 'Europe/Berlin', 'Atlantis/Capital'],
      '13T19:00',
    ],
    ['the last', '13T19:00', '13T06:00', ['Europe/Berlin'], null],
    ['nobody any more', '13T19:01', '13T19:00', [], null],
  ])('%s', (_name, now, last, zones, next) => {
    const times = { now: instant(now), lastWaveAt: last ? instant(last) : null };
    const { due, nextAt } = groupsOfSlot(slot, groups, times, 'Europe/Berlin');
    expect(due.map(({ zone }) => zone)).toEqual(zones);
    expect(nextAt).toEqual(next ? instant(next) : null);
  });

  it('are not put into one wave over the midnight of any of them', () => {
    const late = { now: instant('14T12:00'), lastWaveAt: null };
    const evening = [
      ...groups,
      { zone: 'Europe/Berlin', hour: 23 },
      { zone: 'America/Los_Angeles', hour: null },
    ];
    const first = groupsOfSlot(slot, evening, late, 'Europe/Berlin');
    expect(first.due.map(({ at }) => at)).toEqual(
      ['13T01:30', '13T06:00', '13T06:00', '13T15:00'].map(instant),
    );
    expect(first.nextAt).toEqual(instant('13T19:00')); // in Kolkata it is the day after by then
    const next = groupsOfSlot(slot, evening, { ...late, lastWaveAt: instant('13T15:00') }, 'Europe/Berlin');
    expect(next.due.map(({ at }) => at)).toEqual([instant('13T19:00'), instant('13T22:00')]);
    expect(next.nextAt).toBeNull();
  });

  it('know their own day', () => {
    const times = { now: instant('13T19:00'), lastWaveAt: instant('13T06:00') };
    expect(groupsOfSlot(slot, groups, times, 'UTC').due[0]).toMatchObject({
      at: instant('13T19:00'),
      date: '2027-01-13',
      dayStart: instant('12T23:00'),
      weekdays: [3],
    });
  });
});

it('all at once have each their own date', () => {
  const due = groupsAt(['Pacific/Kiritimati', 'UTC', 'Atlantis/Capital'], instant('13T12:00'), 'UTC');
  expect(due.map(({ zone, date }) => [zone, date])).toEqual([
    ['Pacific/Kiritimati', '2027-01-14'],
    ['UTC', '2027-01-13'],
    ['Atlantis/Capital', '2027-01-13'],
  ]);
});
