import { z } from 'zod';
import { flag, named, numeric, part, parts, text, texts, textOrNumber, timeOf } from './fields.js';

describe('a field of what others send', () => {
  const event = z.object({
    text,
    textOrNumber,
    numeric,
    flag,
    texts,
    named,
    part: part({ text }),
    parts: parts({ text }),
  });

  it.each<[object, object]>([
    [{ text: 'a', other: 1 }, { text: 'a' }],
    [{ text: 1, flag: 'yes', named: [], part: 'x', parts: {} }, {}],
    [{ text: null, part: null, texts: null }, {}],
    [{ textOrNumber: 5 }, { textOrNumber: '5' }],
    [{ numeric: ' 550 ' }, { numeric: 550 }],
    [{ numeric: '5.5.0' }, {}],
    [{ texts: 'one' }, { texts: ['one'] }],
    [{ texts: ['one', 2] }, {}],
    [{ parts: [{ text: 'a' }, 7, null, { text: 8 }] }, { parts: [{ text: 'a' }, {}] }],
    [{ part: { text: 'a', more: 1 } }, { part: { text: 'a' } }],
  ])('of %j is read as %j', (given, expected) => {
    const read = Object.entries(event.parse(given)).filter(([, value]) => value !== undefined);
    expect(JSON.parse(JSON.stringify(Object.fromEntries(read)))).toEqual(expected);
  });
});

describe('a time', () => {
  const at = new Date('2026-11-28T09:29:00.500Z');
  it.each<[string | number | undefined, 's' | 'ms', Date | undefined]>([
    ['2026-11-28T09:29:00.500Z', 's', at],
    ['2026-11-28T04:29:00.5000000-05:00', 's', at],
    [at.getTime() / 1000, 's', at],
    [String(at.getTime() / 1000), 's', at],
    [at.getTime(), 'ms', at],
    [at.getTime(), 's', undefined], // in the year 58,000: of another unit
    [0, 's', undefined],
    ['soon', 's', undefined],
    [Number.POSITIVE_INFINITY, 's', undefined],
    [undefined, 's', undefined],
  ])('of %j (%s) is %j', (given, unit, expected) => {
    expect(timeOf(given, unit)).toEqual(expected);
  });
});
