import { createRoute, lazyRouteComponent, redirect, useParams, type AnyRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useMay } from '../api/session';
import type { Permission } from '../api/types';
import { BASE } from '../router/history';
import { PageHead } from '../ui/page-head';
import { withStyles } from './with-styles';

/** What a page may be given: the named parts of its path. */
interface PathParts {
  id: string;
  digestId: string | undefined;
  tab: string | undefined;
  token: string;
}
type Page = ComponentType<PathParts>;

/** A page: at which path, who may open it, and where its code is. */
export interface PageRow {
  /** `$id` is one segment, which the page is given; `{-$tab}` one that need not be there. */
  path: string;
  needs?: Permission;
  /** Fetched when the page is opened, or about to be. */
  page: () => Promise<Page>;
}

/** A path that pages had before: links in mails still name it. */
export interface MovedRow {
  path: string;
  /** Without the base, and with nothing of the old path in it. */
  to: string;
}

/** The route of a page. */
export function pageRoute(parent: () => AnyRoute, { path, needs, page }: PageRow) {
  const component = lazyRouteComponent(async () => {
    const Shown = await withStyles(page);
    return { default: () => <Framed needs={needs} page={Shown} /> };
  });
  return createRoute({ getParentRoute: parent, path, component });
}

/** Another thing of the same kind is another page, with a form of its own. */
function Framed({ needs, page: Shown }: { needs: Permission | undefined; page: Page }) {
  const parts: PathParts = useParams({ strict: false });
  if (needs === undefined) return <Shown key={parts.id} {...parts} />;
  return (
    <Allowed needs={needs}>
      <Shown key={parts.id} {...parts} />
    </Allowed>
  );
}

/** A link may lead somebody to what is not theirs; the server would refuse them anyway. */
function Allowed({ needs, children }: { needs: Permission; children: React.ReactNode }) {
  if (useMay(needs)) return children;
  return (
    <>
      <PageHead title="This page is not open to you" />
      <p className="empty">
        It needs a right that your role does not have ({needs}). An owner can give it to you.
      </p>
    </>
  );
}

export function movedRoute(parent: () => AnyRoute, { path, to }: MovedRow) {
  return createRoute({
    getParentRoute: parent,
    path,
    beforeLoad: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- so the router wants it
      throw redirect({ href: BASE + to, replace: true });
    },
  });
}
