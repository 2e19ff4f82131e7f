import { isOutOfOrder, sqlState, violatedConstraint } from './errors.js';

const driver = Object.assign(new Error('duplicate key'), {
  code: '23505',
  constraint: 'subscriber_email_unique',
});

describe('isOutOfOrder', () => {
  const query = (cause: Error) => new Error('Failed query', { cause });
  const coded = (code: string) => Object.assign(new Error('no'), { code });
  it.each(['53100', '53300', '57P01', '57P03', '08006'])('is so for SQLSTATE %s', (code) => {
    expect(isOutOfOrder(query(coded(code)))).toBe(true);
  });
  it.each([
    ['nobody listens', coded('ECONNREFUSED')],
    ['the connection was lost', new Error('Connection terminated unexpectedly')],
  ])('is so when %s', (_what, cause) => expect(isOutOfOrder(query(cause))).toBe(true));
  it.each([
    ['a constraint was violated', query(coded('23505'))],
    ['a statement was cancelled', query(coded('57014'))],
    ['something else could not be reached', coded('ECONNREFUSED')],
    ['there is no error', undefined],
  ])('is not so when %s', (_what, error) => expect(isOutOfOrder(error)).toBe(false));
});

describe('what a database error tells', () => {
  it.each([
    ['the driver threw it', driver],
    ['Drizzle wrapped it', new Error('Failed query', { cause: driver })],
    ['it was wrapped twice', new Error('outer', { cause: new Error('Failed query', { cause: driver }) })],
  ])('is found where %s', (_where, error) => {
    expect(sqlState(error)).toBe('23505');
    expect(violatedConstraint(error)).toBe('subscriber_email_unique');
  });

  it.each([
    ['an error of the network', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['a plain error', new Error('no')],
    ['no error', '23505'],
    ['nothing', undefined],
  ])('is not found in %s', (_what, error) => {
    expect(sqlState(error)).toBeUndefined();
    expect(violatedConstraint(error)).toBeUndefined();
  });
});
