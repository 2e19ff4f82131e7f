import type { Clicks } from '../api/types';
import { showNumber } from '../ui/format';

/** `812 people (±35) · 1,240 with scanners` */
export function clicksText({ people, scanners, margin, withScanners }: Clicks): string {
  if (withScanners === 0) return 'none';
  const all = scanners > 0 ? ` · ${showNumber(withScanners)} with scanners` : '';
  return `${showNumber(people)} ${people === 1 ? 'person' : 'people'} (±${showNumber(margin)})${all}`;
}
