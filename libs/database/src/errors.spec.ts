import { sqlState, violatedConstraint } from './errors.js';

const driver = Object.assign(new Error('duplicate key'), {
  code: '23505',
  constraint: 'subscriber_email_unique',
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
