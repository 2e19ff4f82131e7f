import { Alert, Button, Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { one } from '../api/queries';
import { answer, api } from '../api/request';
import type { Edition, EditionVersion } from '../api/types';
import { counted, showTime } from '../ui/format';
import { Loaded, messageOf } from '../ui/states';
import { FIELD_NAMES } from './draft';

interface HistoryProps {
  edition: Edition;
  version: number;
  close: () => void;
  onRestored: (edition: Edition) => void;
}

/** What the edition was before, and whose changes these were. */
export function History({ edition, version, close, onRestored }: HistoryProps) {
  const versions = useQuery({ ...one('/editions/{id}/versions', edition.id), gcTime: 0 });
  const restore = useMutation({
    mutationFn: (wanted: number) =>
      answer(
        api.POST('/editions/{id}/versions/{version}/restore', {
          params: { path: { id: edition.id, version: String(wanted) } },
          body: { version },
        }),
      ),
    onSuccess: (restored) => {
      onRestored(restored);
      close();
    },
  });
  return (
    <Modal opened onClose={close} title="History" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {restore.error && (
        <Alert color="accent" variant="light" role="alert" mb="md">
          {messageOf(restore.error)}
        </Alert>
      )}
      <Loaded of={versions}>
        {({ data }) => (
          <ol className="versions">
            {data.length === 0 && <li>Nobody has changed it yet.</li>}
            {data.map((one, index) => (
              <li key={one.version}>
                <div>
                  <b>{one.by ?? (one.fields.length === 0 ? 'As it was drafted' : 'The service')}</b>{' '}
                  <span className="quiet">{showTime(one.at)}</span>
                  <div className="small">{said(one)}</div>
                </div>
                {index > 0 && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={restore.isPending && restore.variables === one.version}
                    aria-label={`Restore what it was at ${showTime(one.at)}`}
                    onClick={() => restore.mutate(one.version)}
                  >
                    Restore
                  </Button>
                )}
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Modal>
  );
}

function said({ fields, draft }: EditionVersion): string {
  const what = fields.map((field) => FIELD_NAMES[field] ?? field).join(', ');
  const subject = draft.subject ? ` “${draft.subject}”` : '';
  const state = `${counted(draft.stories.length, 'story', 'stories')}${subject}`;
  return what ? `Changed ${what} · ${state}` : state;
}
