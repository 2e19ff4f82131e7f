import { Badge } from '@mantine/core';
import type { DeliveryStatus, EditionStatus, SubscriberStatus } from '../api/types';

type Status = EditionStatus | DeliveryStatus | SubscriberStatus;

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
};

/** The state of an edition, a delivery or a subscriber, in its own word. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge color={COLOURS[status] ?? 'gray'} variant="light">
      {status}
    </Badge>
  );
}
