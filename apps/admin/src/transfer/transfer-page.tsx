import { useList } from '../api/queries';
import { useMay } from '../api/session';
import { counted, showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { DropFile } from './drop-file';
import { Exports } from './exports';
import { StateBadge } from './state-badge';
import { FORMAT_NAMES, isAtWork, showSize, type Import } from './words';

/** Files of readers: in, out, and those of before. */
export function TransferPage() {
  const imports = useList('/imports', {}, { limit: 20 });
  const mayExport = useMay('readers:export');
  return (
    <>
      <PageHead title="Import and export" back={{ to: '/subscribers', label: 'Readers' }} />
      <DropFile />
      <Section title="Imports">
        <List of={imports} empty="Nothing was imported yet.">
          {(one) => (
            <Row key={one.id} title={one.fileName} to={`/transfer/${one.id}`} meta={factsOf(one)}>
              <StateBadge status={one.status} />
            </Row>
          )}
        </List>
      </Section>
      {mayExport && (
        <Section title="Exports">
          <Exports />
        </Section>
      )}
    </>
  );
}

function factsOf(one: Import): string {
  const { made, updated, skipped, failed, suppressed } = one.counts;
  const was = `${showTime(one.startedAt ?? one.createdAt)} · ${FORMAT_NAMES[one.format]}, ${showSize(one.fileSize)}`;
  if (one.startedAt === null && !isAtWork(one)) return was;
  return `${was} · ${counted(made, 'new reader')}, ${updated} updated, ${skipped + failed} left out, ${suppressed} suppressed`;
}
