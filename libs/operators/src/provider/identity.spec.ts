import { decide, identityIn } from './identity.js';

const CLAIMS = { iss: 'https://id.example', sub: '7', email: 'Nell@Post.example', email_verified: true };
const ANY = { domains: [], roles: null };
const ROLES = {
  claim: 'groups',
  byValue: [
    { value: 'admins', role: 'owner' },
    { value: 'desk', role: 'editor' },
  ],
} as const;

it('knows somebody by issuer and subject, and trusts no address that was not verified', () => {
  expect(identityIn(CLAIMS)).toEqual({
    subject: 'https://id.example 7',
    email: 'nell@post.example',
    name: '',
    provedAt: null,
    groups: [],
  });
  expect(identityIn({ ...CLAIMS, auth_time: 1_800_000_000 }).provedAt).toEqual(new Date(1_800_000_000_000));
  expect(identityIn({ ...CLAIMS, auth_time: '1800000000' }).provedAt).toBeNull();
  for (const email_verified of [false, undefined, 'true', 1]) {
    expect(() => decide(identityIn({ ...CLAIMS, email_verified }), ANY)).toThrow('not verified');
  }
});

it.each([
  [[], 'nell@post.example', true],
  [['post.example'], 'nell@post.example', true],
  [['post.example'], 'nell@evil.example', false],
  [['post.example'], 'nell@sub.post.example', false],
  [['post.example'], 'nell@post.example@evil.example', false],
])('of the domains %j: %s %s', (domains, email, isIn) => {
  const ask = () => decide(identityIn({ ...CLAIMS, email }), { domains, roles: null });
  if (isIn) expect(ask()).toBeUndefined();
  else expect(ask).toThrow('may not sign in');
});

it.each([
  [['desk'], 'editor'],
  [['desk', 'admins'], 'owner'],
  ['admins', 'owner'],
  [['constructor'], undefined],
  [undefined, undefined],
  [{ admins: true }, undefined],
])('of the groups %j makes %s', (groups, role) => {
  const ask = () => decide(identityIn({ ...CLAIMS, groups }, 'groups'), { domains: [], roles: ROLES });
  if (role) expect(ask()).toBe(role);
  else expect(ask).toThrow('no role');
});
