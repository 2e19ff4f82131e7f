import { useList } from '../api/queries';
import type { ReaderClicks, Subscriber } from '../api/types';
import { counted, showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';

/** What a reader clicked and opened who agreed to be measured; of anybody else there is nothing, and nothing is asked. */
export function MeasuredClicks({ subscriber: { id, measuredSince } }: { subscriber: Subscriber }) {
  return measuredSince === null ? null : <Shown id={id} since={measuredSince} />;
}

function Shown({ id, since }: { id: string; since: string }) {
  const editions = useList('/subscribers/{id}/clicks', {}, { id });
  return (
    <Section title="Clicks and opens">
      <p className="quiet small">They agreed to be measured on {showTime(since)}.</p>
      <List of={editions} empty="Nothing was noted yet.">
        {(one) => (
          <Row
            key={one.editionId}
            title={`Edition …${one.editionId.slice(-8)}`}
            to={`/editions/${one.editionId}`}
            meta={<What of={one} />}
          />
        )}
      </List>
    </Section>
  );
}

function What({ of: { pictures, clicks } }: { of: ReaderClicks }) {
  return (
    <>
      {pictures && <div>{openedText(pictures)}</div>}
      {clicks.map(({ number, url, count, lastAt }) => (
        <div key={number} className="anywhere">
          {url}: {counted(count, 'click')}, last on {showTime(lastAt)}
        </div>
      ))}
    </>
  );
}

function openedText({ opened, prefetched, lastAt }: NonNullable<ReaderClicks['pictures']>): string {
  if (opened === 0) return `Only fetched by a mail program, last on ${showTime(lastAt)}`;
  const ahead = prefetched > 0 ? `, and fetched by a program ${counted(prefetched, 'time')}` : '';
  return `Opened ${counted(opened, 'time')}${ahead}, last on ${showTime(lastAt)}`;
}
