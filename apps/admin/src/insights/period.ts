import { useQueryParams } from '../router/router';
import { addDays, dayIn, isDay, startOf } from '../numbers/days';

/** Which days are looked at: both with it, in the publication's zone. */
export interface Period {
  from: string;
  to: string;
  timeZone: string;
  /** What the API is asked for. */
  query: { from: string; to: string };
}

export const DEFAULT_DAYS = 30;

/** The period in the address; none: the last 30 days. */
export function usePeriod(timeZone: string): Period {
  const params = useQueryParams();
  const given = (name: string) => {
    const value = params.get(name) ?? '';
    return isDay(value) ? value : undefined;
  };
  const to = given('to') ?? dayIn(timeZone, new Date());
  const from = given('from') ?? addDays(to, 1 - DEFAULT_DAYS);
  const query = { from: startOf(from, timeZone), to: startOf(addDays(to, 1), timeZone) };
  return { from, to, timeZone, query };
}
