/** What is read anew when something is told of: paths of the API by which answers are kept, `*` for all that begin so. */
type Stale = (id: string) => string[];

const ofEdition: Stale = (id) => ['/editions', `/editions/${id}*`, `/stats/editions/${id}*`];
const ofSlot: Stale = () => ['/slots*', '/calendar*', '/digests*'];
const ofAlarm: Stale = () => ['/alarms*'];
const ofReaders: Stale = () => ['/subscribers*'];

/** By the events of `GET /events` (docs/api.md). */
export const STALE_BY_EVENT: Readonly<Record<string, Stale>> = {
  'edition.changed': (id) => [...ofEdition(id), ...ofSlot(id)],
  'draft.changed': (id) => [...ofEdition(id), '/calendar*'],
  'edition.progress': ofEdition,
  'slot.changed': ofSlot,
  'alarm.opened': ofAlarm,
  'alarm.changed': ofAlarm,
  'import.progress': (id) => ['/imports', `/imports/${id}*`, ...ofReaders(id)],
  'export.progress': (id) => ['/exports', `/exports/${id}*`],
  'bulk.progress': ofReaders,
  reset: () => ['/*'],
};

/** Whether what is kept by a path is meant by one of these. */
export function isStale(path: string, stale: ReadonlySet<string>): boolean {
  return [...stale].some((one) => (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : path === one));
}
