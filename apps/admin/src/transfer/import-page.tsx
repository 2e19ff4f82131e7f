import { Alert, Group, Progress } from '@mantine/core';
import { refresh, useOne } from '../api/queries';
import { answer, api, at } from '../api/request';
import { ConfirmButton } from '../ui/confirm-button';
import { counted, showShare, showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { ImportForm } from './import-form';
import { Findings } from './findings';
import { StateBadge } from './state-badge';
import { FORMAT_NAMES, isAtWork, showSize, spokenDialect, type Import } from './words';

/** One file: what it is, what becomes of it, and how far that is. */
export function ImportPage({ id }: { id: string }) {
  const found = useOne('/imports/{id}', id);
  return <Loaded of={found}>{(known) => <Shown known={known} />}</Loaded>;
}

function Shown({ known }: { known: Import }) {
  const { status, id } = known;
  const cancel = async () => {
    await answer(api.POST('/imports/{id}/cancel', at(id)));
    await refresh('/imports');
  };
  const isOpen = status === 'ready' || status === 'checked';
  return (
    <>
      <PageHead
        title={known.fileName}
        back={{ to: '/transfer', label: 'Import and export' }}
        badge={<StateBadge status={status} />}
      >
        {(isOpen || isAtWork(known)) && (
          <ConfirmButton label="Cancel" title="Cancel this import?" yes="Cancel the import" act={cancel}>
            {status === 'running' ? 'Whoever was taken in by now stays. ' : ''}The file is removed.
          </ConfirmButton>
        )}
      </PageHead>
      <p className="row-meta">
        This is {FORMAT_NAMES[known.format]}: {counted(known.columns.length, 'column')},{' '}
        {showSize(known.fileSize)}, {spokenDialect(known.dialect)}.
      </p>
      {known.problem && (
        <Alert color="accent" variant="light" role="alert">
          {known.problem}
        </Alert>
      )}
      {isAtWork(known) && <AtWork known={known} />}
      {known.startedAt && (
        <Section title={status === 'running' ? 'So far' : 'What came of it'}>
          <Findings
            counts={known.counts}
            errors={known.firstErrors}
            lines={known.lines}
            errorFile={known.errorLines > 0 ? `/api/v1/imports/${id}/errors` : undefined}
          />
          <Proof known={known} />
        </Section>
      )}
      {isOpen && known.check && (
        <Section title="Dry run: what would come of it">
          <Findings counts={known.check.counts} errors={known.check.firstErrors} />
        </Section>
      )}
      {isOpen && <ImportForm key={id} known={known} />}
    </>
  );
}

function AtWork({ known: { status, done, lines } }: { known: Import }) {
  const label = status === 'checking' ? 'Dry run' : 'Import';
  return (
    <div>
      <Progress value={done * 100} aria-label={`${label}: share of the file`} />
      <Group mt="xs" role="status">
        {label}: {showShare(Math.round(done * 100) / 100)} of the file, {counted(lines, 'line')}
      </Group>
    </div>
  );
}

function Proof({ known: { consent, startedAt, finishedAt, startedBy } }: { known: Import }) {
  return (
    <p className="row-meta">
      Begun {showTime(startedAt)}
      {startedBy && ` by ${startedBy}`}
      {finishedAt && `, over ${showTime(finishedAt)}`}.
      {consent && ` Stated: “${consent.source}”${consent.where ? `, ${consent.where}` : ''}.`}
    </p>
  );
}
