import { Badge, Group } from '@mantine/core';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { showTime } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { spokenCron } from './cron-presets';

export function DigestsPage() {
  const digests = useList<Digest>('/digests');
  const mayWrite = useMay('editor');
  return (
    <>
      <PageHead title="Digests">
        {mayWrite && <LinkButton to="/digests/new">Make a digest</LinkButton>}
      </PageHead>
      <List
        of={digests}
        empty="There are no digests yet. A digest is what readers subscribe to: “The Morning Brief”."
      >
        {(digest) => (
          <Row key={digest.id} title={digest.name} to={`/digests/${digest.id}`} meta={whenOf(digest)}>
            <Group gap="xs">
              {digest.isDefault && (
                <Badge color="gray" variant="light">
                  default
                </Badge>
              )}
              {mayWrite && (
                <LinkButton to={`/digests/${digest.id}/draft`} variant="default" size="xs">
                  Draft an edition
                </LinkButton>
              )}
            </Group>
          </Row>
        )}
      </List>
    </>
  );
}

function whenOf({ schedule, nextAt, approval }: Digest): string {
  const next = nextAt && `next ${showTime(nextAt)}`;
  if (!schedule) return [`Goes out when you say so`, next].filter(Boolean).join(' · ');
  const when = spokenCron(schedule.cron) + (schedule.readerLocal ? ', readers’ time' : '');
  return [when, next, approval && 'needs a yes'].filter(Boolean).join(' · ');
}
