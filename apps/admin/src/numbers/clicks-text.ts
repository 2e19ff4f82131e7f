import type { Clicks } from '../api/types';
import { showNumber } from '../ui/format';

/** By how much a number of people may be off: as libs/feedback/src/clicks/click-margin.ts has it, which says why. */
export function marginOf({ people, scanners }: Clicks): number {
  return Math.round(Math.sqrt(people + scanners));
}

/** `812 people (±35) · 1,240 with scanners` */
export function clicksText(clicks: Clicks & { margin?: number }): string {
  const { people, scanners, margin = marginOf(clicks) } = clicks;
  if (people + scanners === 0) return 'none';
  const all = scanners > 0 ? ` · ${showNumber(people + scanners)} with scanners` : '';
  return `${showNumber(people)} ${people === 1 ? 'person' : 'people'} (±${showNumber(margin)})${all}`;
}
