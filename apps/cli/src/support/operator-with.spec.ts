import type { Api } from './client.js';
import { operatorWith } from './operator-with.js';

/** Pages of two. */
const PAGES: Record<string, { data: { id: string; email: string }[]; nextCursor: string | null }> = {
  first: {
    data: [
      { id: '1', email: 'a@post.example' },
      { id: '2', email: 'b@post.example' },
    ],
    nextCursor: 'second',
  },
  second: { data: [{ id: '3', email: 'c@post.example' }], nextCursor: null },
};
const api = {
  GET: (_: string, { params }: { params: { query: { cursor?: string } } }) =>
    Promise.resolve({ data: PAGES[params.query.cursor ?? 'first'] }),
} as unknown as Api;

it.each([
  ['a@post.example', '1'],
  ['c@post.example', '3'],
])('finds %s, on whichever page', async (email, id) => {
  expect(await operatorWith(api, email)).toMatchObject({ id });
});

it('says that there is none', async () => {
  await expect(operatorWith(api, 'd@post.example')).rejects.toThrow('no such operator');
});
