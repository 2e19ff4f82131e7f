import { createBrowserHistory } from '@tanstack/react-router';

/** Where the pages live. Paths inside the code are without it: `/editions/ID`. */
export const BASE = '/admin';

/** The browser's own. The router listens to it, so that what is no component can go to a page as well. */
export const history = createBrowserHistory();
