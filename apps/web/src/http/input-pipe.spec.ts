import { z } from 'zod';
import { InputPipe } from './input-pipe.js';

const schema = z.strictObject({ name: z.string().trim(), at: z.iso.datetime().optional() });
const pipe = new InputPipe();
const given = (value: unknown, type: 'body' | 'query' = 'body') => pipe.transform(value, { type, schema });

describe('InputPipe', () => {
  it('gives the handler what the schema makes of it', async () => {
    expect(await given({ name: ' Ann ' })).toEqual({ name: 'Ann' });
  });

  it('refuses it naming every field at fault', async () => {
    await expect(given({ at: 'soon', constructor: 1 })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [
        { field: 'name', code: 'required' },
        { field: 'at', code: 'invalid_format' },
        { field: 'constructor', code: 'unknown_field' },
      ],
    });
    await expect(given('Ann', 'query')).rejects.toMatchObject({ errors: [{ field: 'query' }] });
  });

  it('refuses what the database cannot hold', async () => {
    await expect(given({ name: 'a\0' })).rejects.toMatchObject({
      errors: [{ field: 'name', code: 'control_characters' }],
    });
  });

  it('lets a parameter without a schema pass as it came', async () => {
    const value = { prototype: 1 };
    expect(await pipe.transform(value, { type: 'body' })).toBe(value);
    expect(value).toEqual({ prototype: 1 });
  });
});
