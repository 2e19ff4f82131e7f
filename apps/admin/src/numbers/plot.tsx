import { Skeleton } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { Empty } from '../ui/states';
import { CsvLink } from './csv-link';
import { PlotTable } from './plot-table';

/** What is plotted: a name in each point, what it is called, and one of the colours of admin.css. */
export interface Series {
  name: string;
  label: string;
  colour: 'good' | 'calm' | 'amber' | 'bad' | 'quiet';
}

/** What is counted at one place of the axis. */
export type Point = { label: string } & Record<string, number | string>;

export interface PlotProps {
  title: string;
  /** What stands along the axis: `Day`, `Provider`. */
  axis: string;
  points: readonly Point[];
  series: readonly Series[];
  /** Parts of one whole are stacked; otherwise they stand beside each other. */
  isStacked?: boolean;
  /** Where the numbers are as a file. */
  csv?: string;
  /** What stands there when nothing was counted. */
  empty: string;
  /** A table that says more than the plot's own; false: it stands elsewhere. */
  table?: ReactNode;
}

/** Drawing takes more code than all the rest: it comes when there is something to draw. */
const Drawing = lazy(() => import('./drawing'));
export const PLOT_HEIGHT = 260;

/** A plot, and the same numbers as a table for those who do not see it or want to know exactly. */
export function Plot({ title, axis, points, series, isStacked = false, csv, empty, table }: PlotProps) {
  const isEmpty = points.every((point) => series.every(({ name }) => point[name] === 0));
  return (
    <figure className="plot">
      <figcaption>
        <h3>{title}</h3>
        {csv && <CsvLink of={title} href={csv} />}
      </figcaption>
      {isEmpty ? (
        <Empty>{empty}</Empty>
      ) : (
        <>
          <div className="plot-drawing" aria-hidden="true">
            <Suspense fallback={<Skeleton height={PLOT_HEIGHT} animate={false} />}>
              <Drawing points={points} series={series} isStacked={isStacked} height={PLOT_HEIGHT} />
            </Suspense>
          </div>
          {table === undefined && (
            <details className="plot-table">
              <summary>{title}: the numbers</summary>
              <PlotTable label={title} axis={axis} points={points} series={series} />
            </details>
          )}
        </>
      )}
      {table}
    </figure>
  );
}
