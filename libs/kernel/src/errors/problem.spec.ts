import { DomainError, ERROR_STATUS, invalidField, notFound, wrongState, type ErrorCode } from './errors.js';
import { toProblem } from './problem.js';

describe('toProblem', () => {
  it.each(Object.entries(ERROR_STATUS))('gives %s the status %d and a title', (code, status) => {
    const problem = toProblem(new DomainError(code as ErrorCode, 'What to do.'));
    expect(problem).toMatchObject({
      code,
      status,
      detail: 'What to do.',
      type: `urn:broadsheet:problem:${code}`,
    });
    expect(problem.title).toMatch(/^[A-Z]/);
  });

  it('lists the fields at fault', () => {
    const problem = toProblem(invalidField('email', 'required', 'Enter an e-mail address.'));
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'email', code: 'required' }] });
  });

  it('tells the state in the way, and lets no extra member replace a standard one', () => {
    expect(toProblem(wrongState('It has been sent.', 'sent'))).toMatchObject({ status: 409, state: 'sent' });
    const odd = new DomainError('not_found', 'Gone.', { extra: { status: 200, detail: 'x' } });
    expect(toProblem(odd)).toMatchObject({ status: 404, detail: 'Gone.' });
    expect(toProblem(notFound('article')).detail).toBe('There is no such article.');
  });

  it.each([
    new Error('secret of the inside'),
    'secret of the inside',
    undefined,
    null,
    { code: 'not_found' },
  ])('tells nothing of an unknown error (%p)', (error) => {
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret of the inside');
  });
});
