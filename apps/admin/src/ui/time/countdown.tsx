import { useNow } from './use-now';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long it is until then: `in 19 min`, and by the second in the last two minutes. */
export function Countdown({ to }: { to: string }) {
  const now = useNow(SECOND_MS);
  return <span className="countdown">{untilText(new Date(to).getTime() - now)}</span>;
}

/** @param leftMs milliseconds; none left: `now` */
export function untilText(leftMs: number): string {
  if (leftMs <= 0) return 'now';
  if (leftMs < 2 * MINUTE_MS) return `in ${Math.ceil(leftMs / SECOND_MS)} s`;
  if (leftMs < HOUR_MS) return `in ${Math.floor(leftMs / MINUTE_MS)} min`;
  if (leftMs < DAY_MS) {
    const minutes = Math.floor((leftMs % HOUR_MS) / MINUTE_MS);
    return `in ${Math.floor(leftMs / HOUR_MS)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
  }
  const days = Math.floor(leftMs / DAY_MS);
  return `in ${days} ${days === 1 ? 'day' : 'days'}`;
}
