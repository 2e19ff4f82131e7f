import { z } from 'zod';
import { NamedSchemas } from './named-schemas.js';

const topic = z.object({ id: z.string(), madeAt: z.date() }).meta({ id: 'TestTopic' });

describe('NamedSchemas', () => {
  it('writes what has a name once, and refers to it from then on', () => {
    const schemas = new NamedSchemas();
    const ref = { $ref: '#/components/schemas/TestTopic' };
    expect(schemas.write(topic, 'output')).toEqual(ref);
    expect(schemas.write(z.object({ all: z.array(topic), one: topic.nullable() }), 'output')).toMatchObject({
      properties: { all: { items: ref }, one: { anyOf: [ref, { type: 'null' }] } },
    });
    expect(schemas.all()).toEqual({
      TestTopic: {
        type: 'object',
        properties: { id: { type: 'string' }, madeAt: { type: 'string', format: 'date-time' } },
        required: ['id', 'madeAt'],
        additionalProperties: false,
      },
    });
  });

  it('keeps two apart that differ: a name is one thing to callers', () => {
    const schemas = new NamedSchemas();
    const counted = z.object({ count: z.int().default(1) }).meta({ id: 'TestCounted' });
    schemas.write(counted, 'input');
    expect(() => schemas.write(counted, 'output')).toThrow('TestCounted');
  });
});
