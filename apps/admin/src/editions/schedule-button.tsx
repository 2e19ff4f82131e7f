import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refresh } from '../api/queries';
import { api, at } from '../api/request';
import type { Edition } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { fromLocalInput, OWN_TIME_ZONE, toLocalInput } from '../ui/format';
import { useApiForm } from '../ui/use-api-form';

const HOUR_MS = 3_600_000;

/** Sets the time at which an edition is sent, or takes it back. */
export function ScheduleButton({ edition, size }: { edition: Edition; size?: 'xs' }) {
  const [open, setOpen] = useState(false);
  const isScheduled = edition.status === 'scheduled';
  return (
    <>
      <Button size={size} variant="default" onClick={() => setOpen(true)}>
        {isScheduled ? 'Change the time' : 'Schedule'}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="When is it to be sent?">
        <ScheduleForm edition={edition} close={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ScheduleForm({ edition, close }: { edition: Edition; close: () => void }) {
  const done = async () => {
    await refresh('/editions', '/calendar');
    close();
  };
  const form = useApiForm({
    initial: {
      sendAt: toLocalInput(edition.sendAt ?? new Date(Date.now() + HOUR_MS)),
      deadline: edition.deadline ? toLocalInput(edition.deadline) : '',
    },
    send: ({ sendAt, deadline }) =>
      api.POST('/editions/{id}/schedule', {
        ...at(edition.id),
        body: { sendAt: fromLocalInput(sendAt) ?? undefined, deadline: fromLocalInput(deadline) ?? null },
      }),
    done,
  });
  const takeBack = useApiForm({
    initial: {},
    send: () => api.PATCH('/editions/{id}', { ...at(edition.id), body: { sendAt: null } }),
    done,
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <TextInput
          type="datetime-local"
          label="Time"
          description={`In your time zone, ${OWN_TIME_ZONE}.`}
          {...form.getInputProps('sendAt')}
        />
        <TextInput
          type="datetime-local"
          label="All by"
          description={`If it cannot be finished by then, you are warned. May stay empty. In ${OWN_TIME_ZONE} too.`}
          {...form.getInputProps('deadline')}
        />
        <FormEnd form={{ ...form, error: form.error ?? takeBack.error }} label="Schedule it">
          {edition.status === 'scheduled' && (
            <Button variant="default" loading={takeBack.submitting} onClick={takeBack.formProps.onSubmit}>
              Back to a draft
            </Button>
          )}
        </FormEnd>
      </Stack>
    </form>
  );
}
