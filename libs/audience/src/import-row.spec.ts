import type { DomainError } from '#kernel/errors.js';
import type { Menu } from './choices.js';
import { readHeader, readRow } from './import-row.js';

const menu: Menu = {
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
  const read = (...cells: string[]) => readRow(columns, cells, 7, menu, true);

  it('is pending, and never active, when nobody states how consent was given', () => {
    const unstated = (status: string) =>
      readRow(columns, ['a@example.org', '', '', '', status, ''], 7, menu, false);
    expect(unstated('')).toMatchObject({ status: 'pending' });
    expect(unstated('active')).toEqual([expect.objectContaining({ field: 'status', code: 'needs_consent' })]);
  });

  it('is read', () => {
    expect(read("'+tag@Example.org", "'=SUM", 'harbour', '(none)', '', '{"a":1}')).toMatchObject({
      line: 7,
      email: { normalised: '+tag@example.org' },
      name: '=SUM',
      topics: ['harbour'],
      digests: null,
      status: 'active',
      attributes: { a: 1 },
    });
  });

  it('may have blanks', () => {
    expect(read('a@example.org', '', '', '', 'pending', '')).toMatchObject({
      name: undefined,
      topics: undefined,
      digests: undefined,
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
