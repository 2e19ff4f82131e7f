import type { PageRow } from './page-route';

/** Today, and what goes out. */
export const SENDING: PageRow[] = [
  { path: '/', page: async () => (await import('../overview/overview-page')).OverviewPage },
  {
    path: '/calendar',
    needs: 'content:read',
    page: async () => (await import('../calendar/calendar-page')).CalendarPage,
  },
  {
    path: '/digests',
    needs: 'content:read',
    page: async () => (await import('../digests/digests-page')).DigestsPage,
  },
  {
    path: '/digests/new',
    needs: 'digests:write',
    page: async () => (await import('../digests/digest-page')).NewDigestPage,
  },
  {
    path: '/digests/$digestId/draft',
    needs: 'drafts:write',
    page: async () => (await import('../editions/draft-page')).DraftPage,
  },
  {
    path: '/digests/$id/{-$tab}',
    needs: 'content:read',
    page: async () => (await import('../digests/digest-page')).DigestPage,
  },
  {
    path: '/editions',
    needs: 'content:read',
    page: async () => (await import('../editions/editions-page')).EditionsPage,
  },
  {
    path: '/editions/new',
    needs: 'drafts:write',
    page: async () => (await import('../editions/draft-page')).DraftPage,
  },
  {
    path: '/editions/$id/compose',
    needs: 'drafts:write',
    page: async () => (await import('../compose/compose-page')).ComposePage,
  },
  {
    path: '/editions/$id',
    needs: 'content:read',
    page: async () => (await import('../editions/edition-page')).EditionPage,
  },
];
