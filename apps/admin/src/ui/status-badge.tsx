import { Badge } from '@mantine/core';
import type { ArticleState, CalendarEntry, DeliveryStatus, Edition, SubscriberStatus } from '../api/types';

type Status = Edition['status'] | DeliveryStatus | SubscriberStatus | ArticleState | CalendarEntry['status'];

const COLOURS: Partial<Record<Status, string>> = {
  sending: 'blue',
  preparing: 'blue',
  scheduled: 'blue',
  sent: 'green',
  accepted: 'green',
  active: 'green',
  paused: 'orange',
  deferred: 'orange',
  uncertain: 'orange',
  pending: 'orange',
  failed: 'accent',
  expired: 'accent',
  bounced: 'accent',
  complained: 'accent',
  published: 'green',
  fired: 'green',
  embargoed: 'orange',
  open: 'orange',
  held: 'orange',
};

/** The state of an edition, a delivery, a subscriber, an article or a slot, in its own word. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge color={COLOURS[status] ?? 'gray'} variant="light">
      {status}
    </Badge>
  );
}
