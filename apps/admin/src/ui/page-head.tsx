import type { ReactNode } from 'react';
import { Link } from '../router/router';

interface PageHeadProps {
  title: string;
  /** Where the page belongs: a link above its title. */
  back?: { to: string; label: string };
  /** Shown beside the title. */
  badge?: ReactNode;
  /** Buttons on the right. */
  children?: ReactNode;
}

/** The title of a page, on the page and in the browser's tab. */
export function PageHead({ title, back, badge, children }: PageHeadProps) {
  return (
    <>
      <title>{`${title} – Broadsheet`}</title>
      {back && (
        <Link className="back" to={back.to}>
          ← {back.label}
        </Link>
      )}
      <div className="page-head">
        <h1>
          {title} {badge}
        </h1>
        {children}
      </div>
    </>
  );
}

/** A part of a page under a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
