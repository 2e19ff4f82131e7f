import { Badge, Group } from '@mantine/core';
import { useList, usePublication } from '../api/queries';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { spokenNext, spokenSchedule } from './spoken-schedule';

export function DigestsPage() {
  const digests = useList('/digests');
  const mayWrite = useMay('digests:write');
  const zone = usePublication().data?.timeZone;
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
          <Row key={digest.id} title={digest.name} to={`/digests/${digest.id}`} meta={whenOf(digest, zone)}>
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

function whenOf({ schedule, nextAt, approval }: Digest, ownZone: string | undefined): string {
  const next = nextAt && `next ${spokenNext({ schedule, nextAt }, ownZone)}`;
  const when = schedule ? spokenSchedule(schedule, ownZone) : 'Goes out when you say so';
  return [when, next, schedule && approval && 'needs a yes'].filter(Boolean).join(' · ');
}
