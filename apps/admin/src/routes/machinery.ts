import type { PageRow } from './page-route';

/** How mail goes out, and how the publication is set. */
export const MACHINERY: PageRow[] = [
  {
    path: '/alarms',
    needs: 'numbers:read',
    page: async () => (await import('../alarms/alarms-page')).AlarmsPage,
  },
  {
    path: '/deliverability',
    needs: 'numbers:read',
    page: async () => (await import('../deliverability/deliverability-page')).DeliverabilityPage,
  },
  {
    path: '/transports',
    needs: 'transports:read',
    page: async () => (await import('../transports/transports-page')).TransportsPage,
  },
  {
    path: '/transports/new',
    needs: 'transports:write',
    page: async () => (await import('../transports/new-transport-page')).NewTransportPage,
  },
  {
    path: '/transports/$id',
    needs: 'transports:read',
    page: async () => (await import('../transports/transport-page')).TransportPage,
  },
  {
    path: '/settings/{-$tab}',
    page: async () => (await import('../settings/settings-page')).SettingsPage,
  },
];
