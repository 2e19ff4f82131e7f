import { pollMs, useOne } from '../../api/queries';
import type { Edition, EditionStats } from '../../api/types';
import { ByProvider } from '../../numbers/by-provider';
import { clicksText } from '../../numbers/clicks-text';
import { csvHref } from '../../numbers/csv-link';
import { MailTotals } from '../../numbers/mail-totals';
import { Plot, type Point, type Series } from '../../numbers/plot';
import { Link } from '../../router/router';
import { Loaded } from '../../ui/states';
import { RefusalWords } from './refusal-words';

const CLICKS: Series[] = [
  { name: 'people', label: 'People', colour: 'calm' },
  { name: 'scanners', label: 'Scanners', colour: 'quiet' },
];
const HOUR_MS = 3_600_000;
/** Hours of the plot: the first days, in which nearly all clicks are. */
const MOST_HOURS = 7 * 24;

/** What became of an edition, in numbers: whom it reached, who sent it back, who left, who clicked. */
export function EditionNumbers({ edition }: { edition: Edition }) {
  const everyMs = pollMs(edition) && 5_000;
  const byProvider = useOne('/stats/editions/{id}', edition.id, { by: 'provider' }, everyMs);
  const byHour = useOne('/stats/editions/{id}', edition.id, { by: 'hour' }, everyMs);
  const csv = (by: string) => csvHref(`/stats/editions/${edition.id}`, { by });
  return (
    <>
      <Loaded of={byProvider}>
        {({ total }) => (
          <>
            <MailTotals total={total} />
            <p>
              Clicks: {clicksText(total.clicks)}. What came back is under{' '}
              <Link to={`/bounces?editionId=${edition.id}`}>bounces and complaints</Link>.
            </p>
          </>
        )}
      </Loaded>
      <Loaded of={byHour}>
        {({ data }) => (
          <Plot
            title="Clicks by hour"
            axis="Hour"
            points={hourPoints(data)}
            series={CLICKS}
            isStacked
            csv={csv('hour')}
            empty="Nobody has clicked, or clicks are not measured."
          />
        )}
      </Loaded>
      <Loaded of={byProvider}>{({ data }) => <ByProvider rows={data} csv={csv('provider')} />}</Loaded>
      <RefusalWords editionId={edition.id} />
    </>
  );
}

const hour = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A point for each hour from the first click on, by the operator's own clock. */
function hourPoints(rows: EditionStats['data']): Point[] {
  const clicked = rows.flatMap(({ at, clicks }) =>
    at && clicks.people + clicks.scanners > 0 ? [{ at: Date.parse(at), clicks }] : [],
  );
  const [first, last] = [clicked[0], clicked.at(-1)];
  if (!first || !last) return [];
  const counted = new Map(clicked.map(({ at, clicks }) => [at, clicks]));
  const hours = Math.min((last.at - first.at) / HOUR_MS + 1, MOST_HOURS);
  return Array.from({ length: hours }, (_, index) => {
    const at = first.at + index * HOUR_MS;
    return { label: hour.format(at), ...(counted.get(at) ?? { people: 0, scanners: 0 }) };
  });
}
