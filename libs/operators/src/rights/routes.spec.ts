import { ROLE_PERMISSIONS, ROLES, type Role } from './permissions.js';
import { insistOnRights, rightOf, ROUTE_RIGHTS } from './routes.js';

const routes = Object.keys(ROUTE_RIGHTS).map((name) => name.replace(' ', ' /api/v1'));

describe('the table of rights', () => {
  it('wants a right for every route, and a route for every right', () => {
    expect(() => insistOnRights(routes)).not.toThrow();
    expect(() => insistOnRights([...routes, 'GET /api/v1/secrets'])).toThrow('no right for GET /secrets');
    expect(() => insistOnRights(routes.slice(1))).toThrow('no route for GET /account');
  });

  it('knows no route that nobody named, whatever objects inherit', () => {
    expect(rightOf('GET', '/api/v1/nothing')).toBeUndefined();
    expect(rightOf('GET', '/api/v1/../constructor')).toBeUndefined();
    expect(rightOf('HEAD', '/api/v1/articles/')).toEqual({ needs: 'content:read' });
  });

  const allowed = (role: Role) =>
    Object.entries(ROUTE_RIGHTS)
      .filter(([, { needs }]) => ROLE_PERMISSIONS[role].has(needs))
      .map(([name]) => name);

  it('lets an owner do everything', () => {
    expect(allowed('owner')).toHaveLength(routes.length);
  });

  it.each([
    ['editor', /^(POST|PATCH|DELETE|PUT) \/(api-keys|operators|invitations|transports)|export|\/data$|audit/],
    [
      'author',
      /subscribers|suppressions|stats|transports|api-keys|operators|audit|send$|schedule|\/terms$.+|explain/,
    ],
    [
      'analyst',
      /subscribers(?!\/counts)|suppressions|explain|api-keys|operators|audit|send$|(POST|PATCH|DELETE|PUT) \/(?!account|sessions|feedback\/classify)/,
    ],
  ] as const)('keeps from an %s what is not theirs', (role, forbidden) => {
    expect(allowed(role).filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('lets everybody see to their own account', () => {
    for (const role of ROLES) expect(allowed(role)).toContain('POST /account/password');
  });
});
