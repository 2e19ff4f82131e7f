import { changedFields, changesOf } from './changes.js';

it.each([
  [{ name: 'Post' }, { name: 'The Post' }, { name: { from: 'Post', to: 'The Post' } }],
  [{ name: 'Post', updatedAt: '1' }, { name: 'Post', updatedAt: '2' }, undefined],
  [null, { id: 'x', name: 'Press', role: 'editor' }, { name: { to: 'Press' }, role: { to: 'editor' } }],
  [{ id: 'x', name: 'Press' }, null, { name: { from: 'Press' } }],
  [{ tags: ['a'] }, { tags: ['a', 'b'] }, { tags: { from: '["a"]', to: '["a","b"]' } }],
  [{ logo: null }, {}, undefined],
  [{ secret: 'one' }, { secret: 'two' }, { secret: { changed: true } }],
  [null, { key: 'bs_abc', name: 'k' }, { key: { changed: true }, name: { to: 'k' } }],
  [
    null,
    { secret: 'JBSW', uri: 'otpauth://totp/Post?secret=JBSW' },
    { secret: { changed: true }, uri: { changed: true } },
  ],
  [{ password: undefined }, { smtpPassword: 'x' }, { smtpPassword: { changed: true } }],
  [undefined, 'a file', undefined],
])('of %j and %j: %j', (before, after, expected) => {
  expect(changesOf(before, after)).toEqual(expected);
});

it('cuts what is long', () => {
  const changes = changesOf({ body: 'a'.repeat(5_000) }, { body: 'b'.repeat(5_000) });
  expect(JSON.stringify(changes).length).toBeLessThan(500);
});

it('of a person says which fields, not what is in them', () => {
  const changes = changedFields(
    { email: 'a@reader.example', name: 'A' },
    { email: 'b@reader.example', name: 'A' },
  );
  expect(changes).toEqual({ fields: ['email'] });
  expect(changedFields(null, { email: 'a@reader.example' })).toBeUndefined();
});
