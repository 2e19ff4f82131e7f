import { useOne } from '../api/queries';
import type { AudienceStats } from '../api/types';
import { csvHref } from '../numbers/csv-link';
import { dayIn, daysFrom, showShortDay } from '../numbers/days';
import { Plot, type Point, type Series } from '../numbers/plot';
import { showNumber } from '../ui/format';
import { Loaded } from '../ui/states';
import type { Period } from './period';

type Counts = AudienceStats['total'];

const CAME: Series[] = [
  { name: 'signUps', label: 'Signed up', colour: 'calm' },
  { name: 'confirmed', label: 'Confirmed', colour: 'good' },
];
const WENT: Series[] = [
  { name: 'left', label: 'Left', colour: 'quiet' },
  { name: 'bounced', label: 'Bounced', colour: 'amber' },
  { name: 'complained', label: 'Complained', colour: 'bad' },
];
const NONE: Counts = { signUps: 0, confirmed: 0, left: 0, bounced: 0, complained: 0 };

/** What the API calls where readers came from, in words. */
const SOURCES: Record<string, string> = {
  article: 'under an article',
  subscribe: 'the sign-up page',
  embed: 'the form on another site',
  json: 'a form of your own',
  api: 'the API',
  import: 'an import',
  operator: 'added by an operator',
};

/** Who came and who went, by day and by the form that they signed up with. */
export function AudienceGrowth({ period }: { period: Period }) {
  const byDay = { ...period.query, by: 'day' as const };
  const bySource = { ...period.query, by: 'source' as const };
  const days = useOne('/stats/audience', undefined, byDay);
  const sources = useOne('/stats/audience', undefined, bySource);
  return (
    <>
      <Loaded of={days}>
        {({ data, total }) => (
          <>
            <Totals total={total} />
            <Plot
              title="Readers who came, by day"
              axis="Day"
              points={dayPoints(data, period)}
              series={CAME}
              csv={csvHref('/stats/audience', byDay)}
              empty="Nobody signed up in these days."
            />
            <Plot
              title="Readers who went, by day"
              axis="Day"
              points={dayPoints(data, period)}
              series={WENT}
              isStacked
              csv={csvHref('/stats/audience', byDay)}
              empty="Nobody left in these days."
            />
          </>
        )}
      </Loaded>
      <Loaded of={sources}>
        {({ data }) => (
          <Plot
            title="By the form they signed up with"
            axis="Form"
            points={data.map(({ key, at: _, ...counts }) => ({ label: sourceOf(key), ...counts }))}
            series={[...CAME, ...WENT]}
            csv={csvHref('/stats/audience', bySource)}
            empty="Nobody came or went in these days."
          />
        )}
      </Loaded>
    </>
  );
}

function Totals({ total }: { total: Counts }) {
  return (
    <dl className="counts">
      {[...CAME, ...WENT].map(({ name, label }) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd data-count={name}>{showNumber(total[name as keyof Counts])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A point for each day, also for those of which nothing was counted. */
function dayPoints(rows: AudienceStats['data'], { from, to, timeZone }: Period): Point[] {
  const counted = new Map(
    rows.map(({ at, key: _, ...counts }) => [dayIn(timeZone, new Date(at ?? 0)), counts]),
  );
  return daysFrom(from, to).map((day) => ({ label: showShortDay(day), ...(counted.get(day) ?? NONE) }));
}

function sourceOf(key: string | null | undefined): string {
  return SOURCES[key ?? ''] ?? key ?? 'not known';
}
