import { Badge, Group } from '@mantine/core';
import type { Edition } from '../../api/types';
import { StatusBadge } from '../../ui/status-badge';

/** The state of an edition, and what is special about it. */
export function EditionBadges({ edition }: { edition: Edition }) {
  const { kind, status, approval } = edition;
  return (
    <Group gap={6} component="span" display="inline-flex">
      {kind !== 'regular' && (
        <Badge color="accent" variant="outline">
          {kind}
        </Badge>
      )}
      {status === 'draft' && approval && (
        <Badge color={approval === 'waiting' ? 'orange' : 'green'} variant="light">
          {approval === 'waiting' ? 'waits for a yes' : approval}
        </Badge>
      )}
      <StatusBadge status={status} />
    </Group>
  );
}
