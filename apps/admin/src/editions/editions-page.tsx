import { useDigests, useList } from '../api/queries';
import { useMay } from '../api/session';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List } from '../ui/rows';
import { EditionRow } from './view/edition-row';

export function EditionsPage() {
  const editions = useList('/editions', {});
  const digests = useDigests();
  const mayWrite = useMay('drafts:write');
  return (
    <>
      <PageHead title="Editions">
        {mayWrite && <LinkButton to="/editions/new">Draft an edition</LinkButton>}
      </PageHead>
      <List of={editions} empty="There are no editions yet. An edition is one issue of a digest.">
        {(edition) => <EditionRow key={edition.id} edition={edition} digests={digests.data} />}
      </List>
    </>
  );
}
