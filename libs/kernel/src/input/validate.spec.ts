import { z } from 'zod';
import { DomainError } from '../errors/errors.js';
import { validate } from './validate.js';

const schema = z.strictObject({
  title: z.string().min(1, 'Enter a title.').max(5),
  count: z.int().optional(),
  tags: z.array(z.string()).optional(),
  schedule: z.strictObject({ cron: z.string() }).optional(),
  kind: z.enum(['a', 'b']).optional(),
  odd: z
    .string()
    .refine((text) => text !== 'odd', { error: 'Not odd.', params: { code: 'too_odd' } })
    .optional(),
});

function errorsOf(value: unknown, root?: string) {
  try {
    validate(schema, value, root);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect((error as DomainError).code).toBe('invalid_input');
    return (error as DomainError).errors?.map(({ field, code }) => `${field}: ${code}`);
  }
  throw new Error('it was accepted');
}

describe('validate', () => {
  it('gives back what the schema makes of the value', () => {
    expect(validate(schema, { title: 'x' })).toEqual({ title: 'x' });
  });

  it.each([
    [{}, ['title: required']],
    [{ title: null }, ['title: invalid_type']],
    [{ title: '' }, ['title: too_small']],
    [{ title: 'too long' }, ['title: too_big']],
    [{ title: 'x', count: 1.5 }, ['count: invalid_type']],
    [{ title: 'x', tags: ['a', 1] }, ['tags.1: invalid_type']],
    [{ title: 'x', schedule: {} }, ['schedule.cron: required']],
    [{ title: 'x', schedule: { cron: '', zone: '' } }, ['schedule.zone: unknown_field']],
    [{ title: 'x', kind: 'c' }, ['kind: invalid_value']],
    [{ title: 'x', odd: 'odd' }, ['odd: too_odd']],
    [{ title: 'x', one: 1, two: 2 }, ['one: unknown_field', 'two: unknown_field']],
    [{ title: '', count: 'x' }, ['title: too_small', 'count: invalid_type']],
  ])('names every field at fault in %j', (value, errors) => {
    expect(errorsOf(value)).toEqual(errors);
  });

  it.each([
    [{ title: 'a\0' }, ['title: control_characters']],
    [{ title: 'x', tags: ['a', '\ud800'] }, ['tags.1: control_characters']],
    [{ title: 'x', schedule: { cron: 'a\udc00b' } }, ['schedule.cron: control_characters']],
  ])('refuses what the database cannot hold in %j', (value, errors) => {
    expect(errorsOf(value)).toEqual(errors);
    expect(validate(schema, { title: '\u{1f4f0}' })).toEqual({ title: '\u{1f4f0}' });
  });

  it('names the whole where it is the whole that is wrong', () => {
    expect(errorsOf('text')).toEqual(['body: invalid_type']);
    expect(errorsOf(undefined, 'query')).toEqual(['query: required']);
  });
});
