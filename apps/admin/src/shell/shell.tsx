import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { AlarmCount } from '../alarms/open-alarms';
import { usePublication } from '../api/queries';
import { signOut, type Session } from '../api/session';
import { Link, usePath } from '../router/router';

const PAGES: [path: string, label: string][] = [
  ['/', 'Overview'],
  ['/articles', 'Articles'],
  ['/feeds', 'Feeds'],
  ['/digests', 'Digests'],
  ['/editions', 'Editions'],
  ['/subscribers', 'Subscribers'],
  ['/insights', 'Insights'],
  ['/bounces', 'Bounces'],
  ['/alarms', 'Alarms'],
  ['/deliverability', 'Deliverability'],
  ['/transports', 'Transports'],
  ['/settings', 'Settings'],
];

function isIn(path: string, page: string): boolean {
  return path === page || (page !== '/' && path.startsWith(`${page}/`));
}

/** Masthead and navigation around a page. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const path = usePath();
  const publication = usePublication();
  const leave = useMutation({ mutationFn: signOut });
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true }); // a screen reader goes on from the new page's start
  }, [path]);

  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="masthead">
        <div className="masthead-top">
          <Link className="masthead-name" to="/">
            {publication.data?.name ?? 'Broadsheet'}
          </Link>
          <div className="masthead-who">
            {session.name} ({session.role ?? 'key'}) · <a href="/">the site</a> ·{' '}
            <button type="button" className="linklike" onClick={() => leave.mutate()}>
              Sign out
            </button>
          </div>
        </div>
        <nav className="dateline" aria-label="Main">
          <ul>
            {PAGES.map(([page, label]) => (
              <li key={page}>
                <Link to={page} aria-current={isIn(path, page) ? 'page' : undefined}>
                  {label}
                  {page === '/alarms' && <AlarmCount />}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
