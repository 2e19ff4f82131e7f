import './frame.css';
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { usePublication } from '../api/queries';
import type { Session } from '../api/session';
import { Link, usePath } from '../router/router';
import { AccountMenu } from './account-menu';
import { areasOf, placeOf } from './areas';
import { ask } from './asked';
import { BottomBar } from './bottom-bar';
import { Icon } from './icons';
import { Places, Rail } from './rail';

const FIND_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';

const Strip = lazy(async () => ({ default: (await import('./strip')).Strip }));

/** The frame around a page: the rail (on telephones a bar below), and a head that says on every page how it stands. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const path = usePath();
  const publication = usePublication();
  const areas = areasOf(session);
  const here = placeOf(areas, path);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true }); // a screen reader goes on from the new page's start
  }, [path]);
  const name = publication.data?.name ?? 'Broadsheet';

  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <div className="rail">
        <Link className="nameplate" to="/">
          {name}
        </Link>
        <nav aria-label="Main">
          <Rail areas={areas} path={path} />
        </nav>
      </div>
      <div className="desk">
        <header className="head">
          <Link className="head-name" to="/">
            {name}
          </Link>
          <div className="strip" role="group" aria-label="How it stands">
            <Suspense>
              <Strip />
            </Suspense>
          </div>
          <button type="button" className="head-button head-find" onClick={() => ask('palette')}>
            <Icon name="search" />
            <span className="head-word">Find</span>
            <kbd aria-hidden="true">{FIND_KEYS}</kbd>
          </button>
          <AccountMenu session={session} />
        </header>
        {here && here.area.places.length > 1 && (
          <nav className="subnav" aria-label={here.area.label}>
            <Places area={here.area} here={here.place} />
          </nav>
        )}
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      <BottomBar areas={areas} path={path} />
    </div>
  );
}
