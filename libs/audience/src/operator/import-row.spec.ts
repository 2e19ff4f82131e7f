import type { DomainError } from '#kernel/errors/errors.js';
import type { Offer } from '../choices/offer.js';
import { readHeader, readRow } from './import-row.js';

const TODAY = '2026-11-22';
const offer: Offer = {
  digests: [{ id: 'd1', slug: 'daily', name: 'Daily', isDefault: true }],
  topics: [{ id: 't1', slug: 'harbour', name: 'Harbour' }],
};

describe('the header', () => {
  it('may be in any order and spelling, and may be that of an export', () => {
    expect(readHeader(['Name', 'E-mail'.replace('-', ''), 'Time Zone', 'created_at'])).toEqual([
      'name',
      'email',
      'time_zone',
      undefined,
    ]);
  });

  it.each([
    [['name'], 'missing_column'],
    [['email;name'], 'missing_column'],
    [['email', 'shoe size'], 'unknown_column'],
    [['email', 'Email'], 'doubled_column'],
  ])('%j is refused', (header, code) => {
    let errors: unknown;
    try {
      readHeader(header);
    } catch (error) {
      errors = (error as DomainError).errors;
    }
    expect(errors).toEqual([expect.objectContaining({ field: 'file', code })]);
  });
});

describe('a line', () => {
  const columns = readHeader(['email', 'name', 'topics', 'digests', 'status', 'attributes']);
  const read = (...cells: string[]) => readRow(columns, cells, 7, offer, TODAY, true);

  it('is pending, and never active, when nobody states how consent was given', () => {
    const unstated = (status: string) =>
      readRow(columns, ['a@example.org', '', '', '', status, ''], 7, offer, TODAY, false);
    expect(unstated('')).toMatchObject({ status: 'pending' });
    expect(unstated('active')).toEqual([expect.objectContaining({ field: 'status', code: 'needs_consent' })]);
  });

  it('is read', () => {
    expect(read("'+tag@Example.org", "'=SUM", 'harbour', '(none)', '', '{"a":1}')).toMatchObject({
      line: 7,
      email: { normalised: '+tag@example.org' },
      name: '=SUM',
      wish: { topics: ['harbour'], digests: null },
      status: 'active',
      attributes: { a: 1 },
    });
  });

  it('may have blanks', () => {
    expect(read('a@example.org', '', '', '', 'pending', '')).toMatchObject({
      name: undefined,
      wish: { topics: undefined, digests: undefined, cadence: undefined, subscriptions: undefined },
      status: 'pending',
    });
  });

  it.each([
    [['nobody', '', '', '', '', ''], 'email', 'invalid'],
    [['', '', '', '', '', ''], 'email', 'required'],
    [['a@example.org'], 'line', 'cell_count'],
    [['a@example.org', 'J\ufffdrgen', '', '', '', ''], 'name', 'encoding'],
    [['a@example.org', '', 'sport', '', '', ''], 'topics.0', 'unknown'],
    [['a@example.org', '', '', 'daily;hourly', '', ''], 'digests.1', 'unknown'],
    [['a@example.org', '', '', '', 'gone', ''], 'status', 'invalid_value'],
    [['a@example.org', '', '', '', '', '{'], 'attributes', 'malformed'],
    [['a@example.org', '', '', '', '', '[1]'], 'attributes', 'invalid_type'],
  ])('%j is refused', (cells, field, code) => {
    expect(read(...cells)).toEqual([expect.objectContaining({ field, code })]);
  });
});

describe('what a line says of digests', () => {
  const columns = ['cadence', 'weekday', 'hour', 'alerts', 'paused_until', 'subscriptions'] as const;
  const read = (cells: Partial<Record<(typeof columns)[number], string>>) =>
    readRow(
      readHeader(['email', ...columns]),
      ['a@example.org', ...columns.map((column) => cells[column] ?? '')],
      7,
      offer,
      TODAY,
      true,
    );

  it('is read', () => {
    const cells = { cadence: 'weekly', weekday: '5', hour: '0', alerts: 'yes', paused_until: '2026-12-24' };
    expect(read(cells)).toMatchObject({
      wish: { cadence: 'weekly', weekday: 5, hour: 0, alerts: true, pausedUntil: '2026-12-24' },
    });
  });

  it('may be something else of each digest', () => {
    const subscriptions = [{ digest: 'daily', topics: ['harbour'], hour: 6, pausedUntil: '2027-01-01' }];
    expect(read({ subscriptions: JSON.stringify(subscriptions) })).toMatchObject({ wish: { subscriptions } });
  });

  it('holds no pause that is over: the file may be an old one', () => {
    const subscriptions = JSON.stringify([{ digest: 'daily', pausedUntil: '2026-11-22' }]);
    expect(read({ paused_until: '2026-11-01', subscriptions })).toMatchObject({
      wish: { pausedUntil: null, subscriptions: [{ pausedUntil: null }] },
    });
  });

  it.each([
    [{ cadence: 'hourly' }, 'cadence', 'invalid_value'],
    [{ cadence: 'daily', weekday: '5' }, 'weekday', 'not_weekly'],
    [{ hour: '24' }, 'hour', 'too_big'],
    [{ alerts: 'perhaps' }, 'alerts', 'invalid_type'],
    [{ paused_until: '24.12.2026' }, 'paused_until', 'invalid_format'],
    [{ paused_until: '2029-01-01' }, 'paused_until', 'too_far'],
    [{ subscriptions: 'daily' }, 'subscriptions', 'malformed'],
    [{ subscriptions: '[{"digest":"nope"}]' }, 'subscriptions.0.digest', 'unknown'],
    [{ subscriptions: '[{"digest":"daily","hour":"6"}]' }, 'subscriptions.0.hour', 'invalid_type'],
    [
      { subscriptions: '[{"digest":"daily","pausedUntil":"2029-01-01"}]' },
      'subscriptions.0.pausedUntil',
      'too_far',
    ],
  ])('%j is refused', (cells, field, code) => {
    expect(read(cells)).toEqual([expect.objectContaining({ field, code })]);
  });
});
