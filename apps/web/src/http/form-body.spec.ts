import type { FastifyRequest } from 'fastify';
import { gather, listOf, readForm, textOf, wantsJson } from './form-body.js';

const request = (headers: Record<string, string>, body?: unknown) =>
  ({ headers, body, isMultipart: () => false }) as unknown as FastifyRequest;

test('gather reads topics[] and topics alike and keeps lists lists', () => {
  const fields = gather([
    ['topics[]', 'a'],
    ['topics', 'b'],
    ['email', 'x@example.org'],
    ['digests', ['c']],
  ]);
  expect(fields).toEqual({ topics: ['a', 'b'], email: 'x@example.org', digests: ['c'] });
  expect(listOf(fields, 'topics')).toEqual(['a', 'b']);
  expect(listOf(fields, 'email')).toEqual(['x@example.org']);
  expect(listOf(fields, 'none')).toEqual([]);
  expect(textOf(fields, 'topics')).toBeUndefined();
});

test.each([[undefined], [null], ['text'], [[1, 2]], [7]])(
  'a body that is no object has no fields: %j',
  async (body) => {
    expect(await readForm(request({}, body))).toEqual({});
  },
);

test('a field named __proto__ is only a field', async () => {
  const body = JSON.parse('{"__proto__": {"email": "x"}, "constructor": "y"}') as unknown;
  const fields = await readForm(request({}, body));
  expect(textOf(fields, 'email')).toBeUndefined();
  expect(({} as { email?: string }).email).toBeUndefined();
});

test.each([
  [{ 'content-type': 'application/json' }, true],
  [{ 'content-type': 'application/json; charset=utf-8', accept: 'text/html' }, true],
  [{ 'content-type': 'application/ld+json' }, true],
  [{ 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*' }, false],
  [{ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, true],
  [{}, false],
])('%j wants JSON: %s', (headers, expected) => {
  expect(wantsJson(request(headers as Record<string, string>))).toBe(expected);
});
