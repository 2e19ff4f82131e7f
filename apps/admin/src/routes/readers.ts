import type { PageRow } from './page-route';

/** Readers, and the numbers about them. */
export const READERS: PageRow[] = [
  {
    path: '/subscribers',
    needs: 'readers:read',
    page: async () => (await import('../subscribers/subscribers-page')).SubscribersPage,
  },
  {
    path: '/subscribers/new',
    needs: 'readers:write',
    page: async () => (await import('../subscribers/add-subscriber-page')).AddSubscriberPage,
  },
  {
    path: '/subscribers/$id',
    needs: 'readers:read',
    page: async () => (await import('../subscribers/subscriber-page')).SubscriberPage,
  },
  {
    path: '/transfer',
    needs: 'readers:write',
    page: async () => (await import('../transfer/transfer-page')).TransferPage,
  },
  {
    path: '/transfer/$id',
    needs: 'readers:write',
    page: async () => (await import('../transfer/import-page')).ImportPage,
  },
  {
    path: '/insights',
    needs: 'numbers:read',
    page: async () => (await import('../insights/insights-page')).InsightsPage,
  },
  {
    path: '/bounces',
    needs: 'numbers:read',
    page: async () => (await import('../bounces/bounces-page')).BouncesPage,
  },
];
