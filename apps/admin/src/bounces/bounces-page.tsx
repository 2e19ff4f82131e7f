import { useList } from '../api/queries';
import { useMay } from '../api/session';
import { PageHead, Section } from '../ui/page-head';
import { More } from '../ui/rows';
import { Empty, Loaded } from '../ui/states';
import { EventFilters, useEventQuery } from './event-filters';
import { EventTable } from './event-table';
import { TryMail } from './try-mail';
import { WaysIn } from './ways-in';

/** What came back from mails: bounces, complaints, answers, reports; and of whom. */
export function BouncesPage() {
  const query = useEventQuery();
  const events = useList('/feedback/events', query);
  const isFiltered = Object.values(query).some(Boolean);
  const mayWrite = useMay('feedback:write');
  return (
    <>
      <PageHead title="Bounces and complaints" />
      <EventFilters />
      <Loaded of={{ ...events, data: events.rows }}>
        {(rows) =>
          rows.length > 0 ? (
            <EventTable rows={rows} />
          ) : (
            <Empty>{isFiltered ? 'Nothing of the kind came back.' : 'Nothing has come back yet.'}</Empty>
          )
        }
      </Loaded>
      <More of={events} />
      {mayWrite && (
        <Section title="Try a mail that came back">
          <TryMail />
        </Section>
      )}
      <Section title="How mail comes back">
        <WaysIn />
      </Section>
    </>
  );
}
