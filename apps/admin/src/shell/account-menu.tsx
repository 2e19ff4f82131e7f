import { lazy, Suspense } from 'react';
import type { Session } from '../api/session';
import { closeAfterLink } from './bottom-bar';
import { Icon } from './icons';

const AccountItems = lazy(async () => ({ default: (await import('./account-items')).AccountItems }));

const MENU = 'account';

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu({ session }: { session: Session }) {
  return (
    <>
      <button type="button" className="head-button" popoverTarget={MENU} aria-label="Account">
        <Icon name="person" />
      </button>
      <div id={MENU} className="menu" popover="auto" onClick={closeAfterLink}>
        <Suspense>
          <AccountItems session={session} />
        </Suspense>
      </div>
    </>
  );
}
