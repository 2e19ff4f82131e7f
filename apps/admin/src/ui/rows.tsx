import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from '../router/router';
import { Empty, Failed, Waiting } from './states';

interface Listed<T> {
  rows: T[] | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface ListProps<T> {
  of: Listed<T>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: (row: T) => ReactNode;
}

/** A list of the API in rows, with a button for the next page. */
export function List<T>({ of, empty, children }: ListProps<T>) {
  if (!of.rows) return of.error ? <Failed error={of.error} again={of.refetch} /> : <Waiting />;
  if (of.rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    <>
      <ul className="rows">{of.rows.map(children)}</ul>
      <More of={of} />
    </>
  );
}

export function More({ of }: { of: Omit<Listed<unknown>, 'rows'> }) {
  if (!of.hasNextPage) return null;
  return (
    <Button mt="md" variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      Show more
    </Button>
  );
}

interface RowProps {
  title: string;
  /** The row's own page. */
  to?: string;
  meta?: ReactNode;
  /** Badges and buttons at the end. */
  children?: ReactNode;
}

/** One row: a headline, a line of what else there is to say, and what stands at the end. */
export function Row({ title, to, meta, children }: RowProps) {
  return (
    <li>
      <div className="row-text">
        <div className="row-title">{to ? <Link to={to}>{title}</Link> : title}</div>
        {meta && <div className="row-meta">{meta}</div>}
      </div>
      {children}
    </li>
  );
}
