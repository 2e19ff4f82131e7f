import type { Permission } from './permissions.js';

/** What a call needs, besides a caller. */
export interface RouteRight {
  needs: Permission;
  /** A session must have proved lately who it is. */
  fresh?: true;
  /** A reading that is noted in the audit, as every change is. */
  audited?: true;
}

const of = (needs: Permission): RouteRight => ({ needs });
const fresh = (needs: Permission): RouteRight => ({ needs, fresh: true });
const read = of('content:read');
const numbers = of('numbers:read');
const send = of('editions:send');
const desk = of('digests:write');
const account = of('account:own');

/**
 * What every route of the operator API needs, by method and path below `/api/v1`: the only place that says so. The start fails
 * when a route is missing here, or one is here that is not there.
 */
export const ROUTE_RIGHTS: Readonly<Record<string, RouteRight>> = {
  'GET /account': account,
  'PATCH /account': account,
  'POST /account/password': account,
  'POST /account/totp': { needs: 'account:own', fresh: true },
  'POST /account/totp/confirm': account,
  'DELETE /account/totp': { needs: 'account:own', fresh: true },
  'POST /account/recovery-codes': { needs: 'account:own', fresh: true },
  'POST /account/passkeys/options': { needs: 'account:own', fresh: true },
  'POST /account/passkeys': account,
  'DELETE /account/passkeys/:id': { needs: 'account:own', fresh: true },

  'GET /alarms': numbers,
  'POST /alarms/:id/seen': of('alarms:write'),

  'GET /api-keys': of('keys:manage'),
  'POST /api-keys': fresh('keys:manage'),
  'DELETE /api-keys/:id': fresh('keys:manage'),

  'GET /articles': read,
  'GET /articles/:id': read,
  'POST /articles': of('drafts:write'),
  'POST /articles/import': of('drafts:write'),
  'PATCH /articles/:id': of('drafts:write'),
  'DELETE /articles/:id': of('drafts:write'),
  'POST /articles/:id/correct': of('articles:publish'),
  'POST /articles/:id/retract': of('articles:publish'),

  'GET /audit': of('audit:read'),
  'GET /audit/export': { needs: 'audit:read', fresh: true, audited: true },

  'GET /calendar': read,
  'GET /consents/verify': numbers,

  'GET /deliverability': numbers,
  'GET /deliverability/sources': numbers,

  'GET /digests': read,
  'GET /digests/:id': read,
  'POST /digests': desk,
  'PATCH /digests/:id': desk,
  'DELETE /digests/:id': desk,
  'POST /digests/:id/editions': of('drafts:write'),
  'POST /digests/:id/plan': of('drafts:write'),

  'GET /editions': read,
  'GET /editions/:id': read,
  'GET /editions/:id/checks': read,
  'GET /editions/:id/estimate': read,
  'GET /editions/:id/preview': read,
  'GET /editions/:id/versions': read,
  'GET /editions/:id/waves': read,
  'GET /editions/:id/links': numbers,
  'GET /editions/:id/deliveries': numbers, // addresses masked without `readers:read`
  'GET /editions/:id/outcomes': numbers,
  'GET /editions/:id/explain': of('readers:read'),
  'PATCH /editions/:id': of('drafts:write'),
  'POST /editions/:id/approve': send,
  'POST /editions/:id/cancel': send,
  'POST /editions/:id/decline': send,
  'POST /editions/:id/pause': send,
  'POST /editions/:id/resend-failed': send,
  'POST /editions/:id/resume': send,
  'POST /editions/:id/schedule': send,
  'POST /editions/:id/send': send,
  'POST /editions/:id/test': send,
  'POST /editions/:id/undo': send,
  'POST /editions/:id/versions/:version/restore': of('drafts:write'),

  'GET /exports': of('readers:export'),
  'GET /exports/:id': of('readers:export'),
  'GET /exports/:id/file': { needs: 'readers:export', fresh: true, audited: true },
  'POST /exports': fresh('readers:export'),
  'DELETE /exports/:id': of('readers:export'),
  'GET /events': read, // each event for who may read what it is about

  'POST /feedback/classify': numbers,
  'GET /feedback/events': numbers,
  'GET /feedback/ways': numbers,
  'POST /feedback/messages': of('feedback:write'),

  'GET /feeds': read,
  'GET /feeds/:id': read,
  'POST /feeds': desk,
  'PATCH /feeds/:id': desk,
  'DELETE /feeds/:id': desk,
  'POST /feeds/:id/poll': desk,

  'GET /imports': of('readers:write'),
  'GET /imports/:id': of('readers:write'),
  'GET /imports/:id/errors': { needs: 'readers:read', audited: true },
  'POST /imports': of('readers:write'),
  'PATCH /imports/:id': of('readers:write'),
  'POST /imports/:id/check': of('readers:write'),
  'POST /imports/:id/start': of('readers:write'),
  'POST /imports/:id/cancel': of('readers:write'),

  'GET /operators': of('operators:manage'),
  'GET /operators/:id': of('operators:manage'),
  'POST /operators': fresh('operators:manage'),
  'PATCH /operators/:id': fresh('operators:manage'),
  'DELETE /operators/:id': fresh('operators:manage'),
  'POST /operators/:id/reset-link': fresh('operators:manage'),
  'DELETE /operators/:id/second-factors': fresh('operators:manage'),
  'POST /invitations': fresh('operators:manage'),

  'GET /publication': read,
  'PATCH /publication': of('settings:write'),

  'GET /sessions': account,
  'DELETE /sessions/:id': account,

  'GET /slots': read,
  'GET /slots/:id': read,
  'POST /slots/:id/send': send,
  'POST /slots/:id/skip': send,

  'GET /stats/articles': numbers,
  'GET /stats/articles/:id': numbers,
  'GET /stats/audience': numbers,
  'GET /stats/digests/:id': numbers,
  'GET /stats/editions': numbers,
  'GET /stats/editions/:id': numbers,
  'GET /stats/providers': numbers,
  'GET /stats/topics': numbers,
  'GET /stats/topics/:id': numbers,

  'GET /subscribers': of('readers:read'),
  'GET /subscribers/:id': of('readers:read'),
  'GET /subscribers/counts': numbers,
  'GET /subscribers/:id/clicks': { needs: 'readers:read', audited: true },
  'GET /subscribers/:id/consents': { needs: 'readers:read', audited: true },
  'GET /subscribers/export': { needs: 'readers:export', fresh: true, audited: true },
  'GET /subscribers/:id/data': { needs: 'readers:data', fresh: true, audited: true },
  'GET /subscribers/bulk': of('readers:write'),
  'GET /subscribers/bulk/:id': of('readers:write'),
  'POST /subscribers/bulk': of('readers:write'),
  'POST /subscribers/bulk/:id/undo': of('readers:write'),
  'POST /subscribers': of('readers:write'),
  'POST /subscribers/import': of('readers:write'),
  'PATCH /subscribers/:id': of('readers:write'),
  'DELETE /subscribers/:id': of('readers:write'),

  'GET /suppressions': of('readers:read'),
  'POST /suppressions': of('readers:write'),
  'DELETE /suppressions/:id': of('readers:write'),

  'POST /templates/check': desk,

  'GET /terms': read,
  'POST /terms': of('settings:write'),

  'GET /topics': read,
  'GET /topics/:id': read,
  'POST /topics': desk,
  'PATCH /topics/:id': desk,
  'DELETE /topics/:id': desk,

  'GET /transports': of('transports:read'),
  'GET /transports/:id': of('transports:read'),
  'GET /transports/:id/dkim': of('transports:read'),
  'GET /transports/:id/hook': of('transports:read'),
  'POST /transports': fresh('transports:write'),
  'PATCH /transports/:id': fresh('transports:write'),
  'DELETE /transports/:id': fresh('transports:write'),
  'POST /transports/:id/test': fresh('transports:write'),
  'POST /transports/:id/dkim': fresh('transports:write'),
  'DELETE /transports/:id/dkim/:selector': fresh('transports:write'),
  'PUT /transports/:id/hook': fresh('transports:write'),
  'DELETE /transports/:id/hook': fresh('transports:write'),
};

/** The right of a route, `GET /api/v1/articles/:id`; undefined: nothing says. */
export function rightOf(method: string, route: string): RouteRight | undefined {
  const name = `${method === 'HEAD' ? 'GET' : method} ${route.replace(/^\/api\/v1/, '').replace(/\/$/, '')}`;
  return Object.hasOwn(ROUTE_RIGHTS, name) ? ROUTE_RIGHTS[name] : undefined;
}

/**
 * @param routes `GET /api/v1/articles/:id`
 * @throws Error naming the routes that the table lacks, and the lines of it that are no route
 */
export function insistOnRights(routes: readonly string[]): void {
  const there = new Set(routes.map((route) => route.replace(' /api/v1', ' ').replace(/\/$/, '')));
  const missing = [...there].filter((route) => !Object.hasOwn(ROUTE_RIGHTS, route));
  const stale = Object.keys(ROUTE_RIGHTS).filter((route) => !there.has(route));
  if (missing.length === 0 && stale.length === 0) return;
  throw new Error(
    `libs/operators/src/rights/routes.ts: no right for ${missing.join(', ') || '-'}; no route for ${stale.join(', ') || '-'}`,
  );
}
