import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { pathOf, refresh } from '../api/queries';
import { queryClient } from '../api/query-client';
import { answer, api, at } from '../api/request';
import type { Edition } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { messageOf } from '../ui/states';
import { ScheduleButton } from './schedule-button';

type Action = 'send' | 'pause' | 'resume' | 'cancel' | 'approve' | 'decline';

/** Moves an edition to another state and shows the answer at once. */
export async function move(edition: Edition, action: Action): Promise<void> {
  const changed = await answer(api.POST(`/editions/{id}/${action}`, at(edition.id)));
  queryClient.setQueryData([pathOf('/editions/{id}', edition.id)], changed);
  await refresh('/editions', '/slots', '/calendar');
}

/** The buttons that fit the state of an edition. */
export function EditionActions({ edition, digestName }: { edition: Edition; digestName: string }) {
  const { status, approval } = edition;
  // A draft of a schedule goes by a yes or no, which stand elsewhere.
  const isOpen = (status === 'draft' && approval === null) || (status === 'scheduled' && !edition.heldUntil);
  const isMoving = status === 'preparing' || status === 'sending';
  if (!isOpen && !isMoving && status !== 'paused') return null; // while it is held it can be taken back
  return (
    <Group mt="lg" gap="xs">
      {isOpen && <SendButton edition={edition} digestName={digestName} />}
      {isOpen && <ScheduleButton edition={edition} />}
      {isMoving && <PlainButton label="Pause" act={() => move(edition, 'pause')} />}
      {status === 'paused' && <PlainButton label="Resume" act={() => move(edition, 'resume')} />}
      <CancelButton edition={edition} />
    </Group>
  );
}

function SendButton({ edition, digestName }: { edition: Edition; digestName: string }) {
  return (
    <ConfirmButton
      variant="filled"
      label="Send now"
      title="Send this edition now?"
      yes="Send it now"
      act={() => move(edition, 'send')}
    >
      <p style={{ marginTop: 0 }}>
        Every active subscriber of “{digestName}” gets one message with the articles that they have not had
        yet. Who has had them all gets none.
      </p>
      <p style={{ marginBottom: 0 }}>
        From then on neither the mail nor its list of readers changes. You can pause or cancel it, but what a
        mail server has accepted can not be called back.
      </p>
    </ConfirmButton>
  );
}

function CancelButton({ edition }: { edition: Edition }) {
  return (
    <ConfirmButton
      isDanger
      label="Cancel the edition"
      title="Cancel this edition?"
      yes="Cancel it"
      act={() => move(edition, 'cancel')}
    >
      {edition.counts.recipients > 0
        ? 'Who has not got it will not get it. What was accepted can not be called back.'
        : 'It will not be sent.'}{' '}
      A cancelled edition can not be taken up again; its articles can go into another.
    </ConfirmButton>
  );
}

function PlainButton({ label, act }: { label: string; act: () => Promise<void> }) {
  const { mutate, isPending, error } = useMutation({ mutationFn: act });
  return (
    <>
      <Button loading={isPending} onClick={() => mutate()}>
        {label}
      </Button>
      {error && <span role="alert">{messageOf(error)}</span>}
    </>
  );
}
