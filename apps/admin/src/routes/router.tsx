import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { BASE, history } from '../router/history';
import { parseSearch, searchText } from '../router/search';
import { Waiting } from '../ui/waiting';
import { Desk } from './desk';
import { DOORS } from './doors';
import { MACHINERY } from './machinery';
import { MOVED_TO_NEWSROOM, NEWSROOM } from './newsroom';
import { NoSuchPage } from './no-such-page';
import { movedRoute, pageRoute } from './page-route';
import { READERS } from './readers';
import { SENDING } from './sending';
import { withStyles } from './with-styles';

const root = createRootRoute();
const desk = createRoute({ getParentRoute: () => root, id: 'desk', component: Desk });

const pages = [...SENDING, ...NEWSROOM, ...READERS, ...MACHINERY];
desk.addChildren([
  ...pages.map((row) => pageRoute(() => desk, row)),
  ...MOVED_TO_NEWSROOM.map((row) => movedRoute(() => desk, row)),
  createRoute({ getParentRoute: () => desk, path: '$', component: NoSuchPage }),
]);
root.addChildren([desk, ...DOORS.map((row) => pageRoute(() => root, row))]);

/** Every page by its path. What a page needs is fetched with it, so that the first one is there soon. */
export const router = createRouter({
  routeTree: root,
  basepath: BASE,
  history,
  parseSearch,
  stringifySearch: searchText,
  scrollRestoration: true,
  defaultPreloadDelay: 50,
  defaultPendingMs: 300,
  defaultPendingComponent: () => <Waiting />,
  defaultErrorComponent: lazyRouteComponent(() => withStyles(() => import('./broken-page')), 'BrokenPage'),
  defaultNotFoundComponent: NoSuchPage,
});
