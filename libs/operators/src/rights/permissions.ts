import { ROLES, type Role } from '#database/schema/index.js';

export { ROLES, type Role };

/** What can be allowed, each by itself. An API key may be given some of these as its scopes. */
export const PERMISSIONS = [
  'content:read', // articles, feeds, topics, digests, editions, the publication and its terms
  'drafts:write', // drafts of articles and editions
  'articles:publish', // articles that readers see or have had
  'editions:send', // what goes out, and when
  'digests:write', // digests, feeds, topics, templates
  'settings:write', // the publication and its terms
  'numbers:read', // statistics, alarms, deliverability: without addresses
  'alarms:write', // an alarm is seen
  'readers:read', // readers, with addresses
  'readers:write', // readers, suppressions, imports
  'readers:export', // all readers as a file
  'readers:data', // all that is held about one
  'feedback:write', // mail that came back
  'transports:read',
  'transports:write', // whoever may, reads every mail that goes out
  'keys:manage',
  'operators:manage', // and the mailbox of an installation without a way out, which holds their links
  'audit:read',
  'account:own', // one's own sessions, password, second factors
  'machinery:read', // queues
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const WRITING: readonly Permission[] = ['content:read', 'drafts:write', 'account:own'];
const LOOKING: readonly Permission[] = ['content:read', 'numbers:read', 'transports:read', 'account:own'];

/** Least privilege: an editor needs no copy of all readers, an author no reader, an analyst no address. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(PERMISSIONS),
  editor: new Set<Permission>([
    ...WRITING,
    ...LOOKING,
    'articles:publish',
    'editions:send',
    'digests:write',
    'settings:write',
    'alarms:write',
    'readers:read',
    'readers:write',
    'feedback:write',
    'machinery:read',
  ]),
  author: new Set(WRITING),
  analyst: new Set(LOOKING),
};
