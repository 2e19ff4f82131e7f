import { Badge } from '@mantine/core';
import { STATE_NAMES, type Export, type Import } from './words';

const COLOURS: Partial<Record<Import['status'], string>> = {
  checking: 'blue',
  running: 'blue',
  done: 'green',
  failed: 'accent',
};

/** How far an import or an export is. */
export function StateBadge({ status }: { status: Import['status'] | Export['status'] }) {
  return (
    <Badge color={COLOURS[status] ?? 'gray'} variant="light">
      {STATE_NAMES[status]}
    </Badge>
  );
}
