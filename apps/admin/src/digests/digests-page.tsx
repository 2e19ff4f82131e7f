import { Badge, Group } from '@mantine/core';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';

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
          <Row
            key={digest.id}
            title={digest.name}
            to={`/digests/${digest.id}`}
            meta={`Subject: ${digest.subject ?? 'the title of the first article'}`}
          >
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
