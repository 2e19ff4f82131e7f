import { Badge } from '@mantine/core';
import { classOf, kindOf } from './event-words';

const COLOURS: Record<string, string> = {
  complaint: 'accent',
  hard: 'accent',
  blocked: 'orange',
  soft: 'gray',
};

/** What came back: `bounce, hard`. */
export function EventBadge({ event }: { event: { kind: string; class: string | null } }) {
  const its = event.kind === 'bounce' ? classOf(event) : null;
  return (
    <Badge color={COLOURS[its ?? event.kind] ?? 'gray'} variant="light">
      {kindOf(event.kind)}
      {its && `, ${its}`}
    </Badge>
  );
}
