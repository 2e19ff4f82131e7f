import { entryDate } from './entry-date.js';

describe('entryDate', () => {
  it.each([
    ['Wed, 02 Oct 2002 13:00:00 GMT', '2002-10-02T13:00:00.000Z'],
    ['Wed, 02 Oct 2002 15:00:00 +0200', '2002-10-02T13:00:00.000Z'],
    ['Wed, 2 Oct 2002 15:00 CEST', '2002-10-02T13:00:00.000Z'],
    ['2 October 2002 08:00:00 EST', '2002-10-02T13:00:00.000Z'],
    ['02 Oct 02 13:00:00 UT', '2002-10-02T13:00:00.000Z'],
    ['Wednesday, 02-Oct-02 13:00:00 GMT', '2002-10-02T13:00:00.000Z'],
    ['02 Oct 2002', '2002-10-02T00:00:00.000Z'],
    ['Wed, 02 Oct 2002 13:00:00 GMT+02:00', '2002-10-02T11:00:00.000Z'],
    ['Wed, 02 Oct 2002 13:00:00 +0000 (UTC)', '2002-10-02T13:00:00.000Z'],
    ['2002-10-02T15:00:00+02:00', '2002-10-02T13:00:00.000Z'],
    ['2002-10-02T13:00:00.123Z', '2002-10-02T13:00:00.000Z'],
    ['2002-10-02T13:00Z', '2002-10-02T13:00:00.000Z'],
    ['2002-10-02 13:00:00', '2002-10-02T13:00:00.000Z'],
    ['2002-10-02', '2002-10-02T00:00:00.000Z'],
    ['  2002-10-02\n', '2002-10-02T00:00:00.000Z'],
  ])('reads %j', (text, at) => expect(entryDate(text)?.toISOString()).toBe(at));

  it.each([
    ...[
      '',
      'yesterday',
      '0',
      '1',
      '2002',
      '12345678',
      'Wed, 32 Oct 2002 13:00:00 GMT',
      '31 Feb 2002',
      '2002-13-01',
    ],
    ...[
      '2002-02-30',
      '2002-10-02T25:00:00Z',
      '2002-10-02T13:61:00Z',
      'Mi, 02 Okt 2002 13:00:00 GMT',
      '02/10/2002',
    ],
    ...[
      'Thu, 01 Jan 1970 00:00:00 GMT',
      '0001-01-01T00:00:00Z',
      '2002-10-02T13:00:00 Mars',
      'Invalid Date',
      'null',
    ],
    ...[undefined, 'x'.repeat(1e6), '1'.repeat(1e6), ' '.repeat(1e6)],
  ])('takes no %.40j', (text) => expect(entryDate(text)).toBeNull());

  it('does not depend on the zone of this machine', () => {
    const { TZ } = process.env;
    try {
      process.env.TZ = 'Pacific/Auckland';
      expect(entryDate('2002-10-02 13:00')?.toISOString()).toBe('2002-10-02T13:00:00.000Z');
      expect(entryDate('2 Oct 2002 13:00')?.toISOString()).toBe('2002-10-02T13:00:00.000Z');
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });
});
