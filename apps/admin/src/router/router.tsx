import { useSyncExternalStore, type ComponentProps, type MouseEvent } from 'react';

/** Where the pages live. Paths inside the code are without it: `/editions/ID`. */
const BASE = '/admin';

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  return () => window.removeEventListener('popstate', changed);
}

function currentPath(): string {
  const path = window.location.pathname.slice(BASE.length).replace(/\/+$/, '');
  return path || '/';
}

/** The path of the page shown, without the base. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, currentPath);
}

/** What is asked of a page beside its path, by name: filters that a link to the page keeps. */
export function useQueryParams(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, () => window.location.search));
}

/** Changes some of {@link useQueryParams}; empty ones are left out. The page stays, and Back goes to the page before. */
export function setQueryParams(changed: Record<string, string>): void {
  const params = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changed)) {
    if (value === '') params.delete(name);
    else params.set(name, value);
  }
  const query = params.size > 0 ? `?${params}` : '';
  navigate(currentPath() + query, { replace: true });
}

/** Goes to a page; `replace` leaves no trace in the history. */
export function navigate(to: string, { replace = false } = {}): void {
  window.history[replace ? 'replaceState' : 'pushState'](null, '', hrefOf(to));
  window.dispatchEvent(new PopStateEvent('popstate'));
}

export function hrefOf(to: string): string {
  return to === '/' ? BASE : BASE + to;
}

/** A link to another page of these. A click with a modifier key does what it does everywhere. */
export function Link({ to, onClick, ...rest }: { to: string } & ComponentProps<'a'>) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
