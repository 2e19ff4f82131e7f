import { Alert, Button, Group, Modal, Stack, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { messageOf } from './states';

interface ConfirmButtonProps extends ButtonProps {
  label: string;
  /** What it is done to: said to who does not see the row around it. */
  about?: string;
  /** What is done can not be undone, and something is lost. */
  isDanger?: boolean;
  /** The question, and the button that says yes. */
  title: string;
  yes: string;
  /** What will happen. */
  children: ReactNode;
  act: () => Promise<unknown>;
}

/** A button whose action is explained and asked about before it happens. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, about, isDanger = false, title, yes, children, act, ...button } = props;
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: act,
    onSuccess: () => setOpen(false),
  });
  const close = () => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <Button
        variant="default"
        aria-label={about && `${label}: ${about}`}
        {...button}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal opened={open} onClose={close} title={title}>
        <Stack>
          <div>{children}</div>
          {error && (
            <Alert color="accent" variant="light" role="alert">
              {detailsOf(error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Go back
            </Button>
            <Button color={isDanger ? 'accent' : undefined} loading={isPending} onClick={() => mutate()}>
              {yes}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

/** A problem's fields say more than its summary. */
function detailsOf(error: unknown): string {
  const fields = (error as { errors?: { message: string }[] }).errors ?? [];
  return fields.length > 0 ? fields.map(({ message }) => message).join(' ') : messageOf(error);
}
