import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSession } from '../api/session';
import { OnDemand } from './on-demand';
import { Shell } from '../shell/shell';
import { Waiting } from '../ui/waiting';
import { withStyles } from './with-styles';

const SignInPage = lazy(() =>
  withStyles(async () => ({ default: (await import('../sign-in/sign-in-page')).SignInPage })),
);
const FreshDialog = lazy(() =>
  withStyles(async () => ({ default: (await import('../sign-in/fresh-dialog')).FreshDialog })),
);
const Toasts = lazy(() => withStyles(async () => ({ default: (await import('../ui/toast/toasts')).Toasts })));
const Failed = lazy(() => withStyles(async () => ({ default: (await import('../ui/states')).Failed })));

/** The frame, once it is known who sits there; till then the sign-in page. */
export function Desk() {
  return (
    <Suspense fallback={<Waiting />}>
      <AtDesk />
    </Suspense>
  );
}

function AtDesk() {
  const { data: session, isError, error, refetch } = useSession();
  if (session === undefined) {
    return <main>{isError ? <Failed error={error} again={refetch} /> : <Waiting />}</main>;
  }
  if (session === null) return <SignInPage />;
  return (
    <>
      <Shell session={session}>
        <Outlet />
      </Shell>
      <Suspense>
        <FreshDialog />
      </Suspense>
      <Suspense>
        <Toasts />
      </Suspense>
      <Suspense>
        <OnDemand session={session} />
      </Suspense>
    </>
  );
}
