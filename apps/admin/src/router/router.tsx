import { useRouter, useRouterState } from '@tanstack/react-router';
import type { ComponentProps, MouseEvent } from 'react';
import { BASE, history } from './history';
import { searchText } from './search';

function withoutBase(pathname: string): string {
  return pathname.slice(BASE.length).replace(/\/+$/, '') || '/';
}

/** The path of the page shown, without the base. */
export function usePath(): string {
  return useRouterState({ select: ({ location }) => location.pathname.replace(/(.)\/+$/, '$1') });
}

/** What is asked of a page beside its path, by name: filters that a link to the page keeps. See {@link useFilters}. */
export function useQueryParams(): URLSearchParams {
  return new URLSearchParams(useRouterState({ select: ({ location }) => location.searchStr }));
}

/** Changes some of {@link useQueryParams}; empty ones are left out. The page stays, and Back goes to the page before. */
export function setQueryParams(changed: Record<string, string>): void {
  const { pathname, search } = history.location;
  const asked = { ...Object.fromEntries(new URLSearchParams(search)), ...changed };
  navigate(withoutBase(pathname) + searchText(asked), { replace: true });
}

/** Goes to a page; `replace` leaves no trace in the history. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) history.replace(hrefOf(to));
  else history.push(hrefOf(to));
}

export function hrefOf(to: string): string {
  return to === '/' ? BASE : BASE + to;
}

/**
 * A link to another page of these. A click with a modifier key does what it does everywhere. What the page needs is fetched once
 * the pointer or the focus is on it.
 */
export function Link({ to, onClick, ...rest }: { to: string } & ComponentProps<'a'>) {
  const router = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  const fetchAhead = () => void router.preloadRoute({ to: to.replace(/[?#].*$/, '') }).catch(() => undefined);
  return <a {...rest} href={hrefOf(to)} onClick={follow} onPointerEnter={fetchAhead} onFocus={fetchAhead} />;
}
