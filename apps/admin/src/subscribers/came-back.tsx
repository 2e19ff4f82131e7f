import { EventTable } from '../bounces/event-table';
import { useList } from '../api/queries';
import { More } from '../ui/rows';
import { Empty, Loaded } from '../ui/states';

/** What came back from mails to a reader, and what they said on the site: the evidence of what was done. */
export function CameBack({ id }: { id: string }) {
  const events = useList('/feedback/events', { subscriberId: id });
  return (
    <>
      <Loaded of={{ ...events, data: events.rows }}>
        {(rows) =>
          rows.length > 0 ? <EventTable rows={rows} isOfOne /> : <Empty>Nothing has come back.</Empty>
        }
      </Loaded>
      <More of={events} />
    </>
  );
}
