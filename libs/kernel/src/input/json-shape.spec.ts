import { jsonShape } from './json-shape.js';

const ANY = { members: Infinity, depth: Infinity };
const of = (json: string, most = ANY) => jsonShape(Buffer.from(json), most);

it.each([
  ['nothing', '', 0, 0],
  ['a text', '"a,b:[{"', 0, 0],
  ['a name', '{"a":1}', 2, 1],
  ['names with spaces before their colons', '{"a" :1,"b"\n\t: 2}', 4, 1],
  ['a list', '[1,2,3]', 3, 1],
  ['lists in lists', '[[],[[1]]]', 5, 3],
  ['a quote in a text', String.raw`["a\",[,",1]`, 2, 1],
  ['a backslash at the end of a text', String.raw`["a\\",1]`, 2, 1],
  ['three at its end', String.raw`["a\\\",[[[",1]`, 2, 1],
  ['other alphabets', '["ü,،,"]', 1, 1],
  ['a text that does not end', '["a,b,c', 1, 1],
  ['more closed than was opened', ']]][', 1, 0],
])('%s', (_, json, members, depth) => expect(of(json)).toEqual({ members, depth }));

it('goes no further than is of interest', () => {
  expect(of('[1,2,3,4,5]', { ...ANY, members: 3 }).members).toBe(4);
  expect(of('[[[[[[', { ...ANY, depth: 3 }).depth).toBe(4);
});

it('of a long text is quickly known, also of one full of escapes', () => {
  const long = JSON.stringify({ body: '"\\'.repeat(500_000) });
  const start = performance.now();
  expect(of(long)).toEqual({ members: 2, depth: 1 });
  expect(performance.now() - start).toBeLessThan(1_000);
});
