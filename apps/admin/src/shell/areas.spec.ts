import type { Session } from '../api/session';
import { areasOf, placeOf } from './areas';

const session = (permissions: Session['permissions'], isOperator = true): Session => ({
  name: 'Ann',
  role: 'editor',
  isOperator,
  permissions,
});
const EVERYTHING = session([
  'content:read',
  'settings:write',
  'numbers:read',
  'readers:read',
  'transports:read',
  'machinery:read',
  'keys:manage',
  'operators:manage',
]);

it('shows what somebody may open, and an area only with a page in it', () => {
  const shown = areasOf(session(['content:read', 'numbers:read'], false));
  expect(shown.map(({ label }) => label)).toEqual([
    'Today',
    'Calendar',
    'Newsroom',
    'Editions',
    'Digests',
    'Insights',
    'Delivery',
  ]);
  expect(shown.at(-1)?.places.map(({ label }) => label)).toEqual(['Alarms', 'DNS and DKIM']);
});

it.each([
  ['/', 'Today', 'Today'],
  ['/articles/new', 'Newsroom', 'Articles'],
  ['/settings', 'Settings', 'Publication'],
  ['/settings/team', 'Settings', 'Team'],
  ['/articlesque', undefined, undefined],
])('%s belongs to %s, %s', (path, area, place) => {
  const found = placeOf(areasOf(EVERYTHING), path);
  expect([found?.area.label, found?.place.label]).toEqual([area, place]);
});
