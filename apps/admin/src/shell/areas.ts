import type { Session } from '../api/session';
import type { Permission } from '../api/types';

/** A page of the rail. */
export interface Place {
  to: string;
  label: string;
  needs?: Permission;
  /** Accounts only: whoever signed in with a key has none. */
  isOfOperator?: true;
  /** Served beside these pages, under the same sign-in. */
  isOutside?: true;
}

/** Work of one kind, under one word of the rail. */
export interface Area {
  label: string;
  icon: string;
  places: Place[];
}

/** The rail, from the top. What a path belongs to is the longest `to` that it begins with. */
const AREAS: Area[] = [
  { label: 'Today', icon: 'today', places: [{ to: '/', label: 'Today' }] },
  {
    label: 'Calendar',
    icon: 'calendar',
    places: [{ to: '/calendar', label: 'Calendar', needs: 'content:read' }],
  },
  {
    label: 'Newsroom',
    icon: 'newsroom',
    places: [
      { to: '/articles', label: 'Articles', needs: 'content:read' },
      { to: '/feeds', label: 'Feeds', needs: 'content:read' },
      { to: '/topics', label: 'Topics', needs: 'content:read' },
    ],
  },
  {
    label: 'Editions',
    icon: 'editions',
    places: [{ to: '/editions', label: 'Editions', needs: 'content:read' }],
  },
  {
    label: 'Digests',
    icon: 'digests',
    places: [{ to: '/digests', label: 'Digests', needs: 'content:read' }],
  },
  {
    label: 'Readers',
    icon: 'readers',
    places: [
      { to: '/subscribers', label: 'Readers', needs: 'readers:read' },
      { to: '/transfer', label: 'Import and export', needs: 'readers:write' },
    ],
  },
  {
    label: 'Insights',
    icon: 'insights',
    places: [
      { to: '/insights', label: 'Growth and results', needs: 'numbers:read' },
      { to: '/bounces', label: 'Bounces and complaints', needs: 'numbers:read' },
    ],
  },
  {
    label: 'Delivery',
    icon: 'delivery',
    places: [
      { to: '/alarms', label: 'Alarms', needs: 'numbers:read' },
      { to: '/transports', label: 'Transports', needs: 'transports:read' },
      { to: '/deliverability', label: 'DNS and DKIM', needs: 'numbers:read' },
      { to: '/queues', label: 'Queues', needs: 'machinery:read', isOutside: true },
    ],
  },
  {
    label: 'Settings',
    icon: 'settings',
    places: [
      { to: '/settings', label: 'Publication', needs: 'settings:write' },
      { to: '/settings/wording', label: 'Sign-up form', needs: 'settings:write' },
      { to: '/settings/terms', label: 'Terms', needs: 'settings:write' },
      { to: '/settings/measuring', label: 'Measuring', needs: 'settings:write' },
      { to: '/settings/team', label: 'Team', needs: 'operators:manage' },
      { to: '/settings/keys', label: 'API keys', needs: 'keys:manage' },
      { to: '/settings/account', label: 'My account', isOfOperator: true },
    ],
  },
];

/** The areas and pages that somebody may open; what they may not is not there. */
export function areasOf({ permissions, isOperator }: Session): Area[] {
  const may = ({ needs, isOfOperator }: Place) =>
    (needs === undefined || permissions.includes(needs)) && (!isOfOperator || isOperator);
  return AREAS.flatMap((area) => {
    const places = area.places.filter(may);
    return places.length > 0 ? [{ ...area, places }] : [];
  });
}

/** Where a path belongs. */
export function placeOf(areas: readonly Area[], path: string): { area: Area; place: Place } | undefined {
  const found = areas
    .flatMap((area) => area.places.map((place) => ({ area, place })))
    .filter(({ place }) => path === place.to || (place.to !== '/' && path.startsWith(`${place.to}/`)));
  return found.sort((a, b) => b.place.to.length - a.place.to.length)[0];
}
