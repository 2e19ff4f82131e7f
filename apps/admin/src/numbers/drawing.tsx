import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { showNumber } from '../ui/format';
import type { Point, Series } from './plot';

interface DrawingProps {
  points: readonly Point[];
  series: readonly Series[];
  isStacked: boolean;
  height: number;
}

/** On the axis, where there is little place: `1.4K`. */
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
/** More bars than these are too thin to be told apart: they become lines. */
const MOST_BARS = 62;
/** Not for keyboards and screen readers: beside each plot stands its table. */
const UNHEARD = { accessibilityLayer: false } as const;
const STILL = { isAnimationActive: false } as const;

/** The drawing of a plot. */
export default function Drawing({ points, series, isStacked, height }: DrawingProps) {
  const shared = {
    h: height,
    data: [...points],
    dataKey: 'label',
    series: series.map(({ name, label, colour }) => ({ name, label, color: `var(--plot-${colour})` })),
    withLegend: series.length > 1,
    legendProps: { verticalAlign: 'bottom' as const, itemSorter: null },
    valueFormatter: showNumber,
    tickLine: 'none' as const,
    xAxisProps: { minTickGap: 16, interval: 'preserveStartEnd' as const },
    yAxisProps: { width: 44, allowDecimals: false, tickFormatter: (value: number) => short.format(value) },
  };
  return points.length > MOST_BARS ? (
    <LineChart {...shared} withDots={false} curveType="linear" lineProps={STILL} lineChartProps={UNHEARD} />
  ) : (
    <BarChart
      {...shared}
      type={isStacked ? 'stacked' : 'default'}
      maxBarWidth={36}
      barProps={STILL}
      barChartProps={UNHEARD}
    />
  );
}
