import { Anchor, Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { post, signInByPasskey } from '../api/account-calls';
import { answerFreshWith } from '../api/fresh';
import { useSession } from '../api/session';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';
import { useProvider } from './use-provider';

/** Asks for the password, a code or a passkey, before what gives power over all the rest. */
export function FreshDialog() {
  const { data: session } = useSession();
  const [isOpen, setOpen] = useState(false);
  const answerWith = useRef<(isFresh: boolean) => void>(undefined);
  useEffect(
    () =>
      answerFreshWith(
        () =>
          new Promise((resolve) => {
            answerWith.current?.(false);
            answerWith.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );
  const close = (isFresh: boolean) => {
    setOpen(false);
    answerWith.current?.(isFresh);
    answerWith.current = undefined;
  };
  return (
    <Modal
      opened={isOpen}
      onClose={() => close(false)}
      title="Is it still you?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {session?.isOperator ? (
        <OperatorProof done={() => close(true)} />
      ) : (
        <KeyProof done={() => close(true)} />
      )}
    </Modal>
  );
}

function OperatorProof({ done }: { done: () => void }) {
  const form = useApiForm({
    initial: { password: '', code: '' },
    send: ({ password, code }) => post('/api/session/fresh', password === '' ? { code } : { password }),
    done,
  });
  const passkey = useApiForm({ initial: {}, send: signInByPasskey, done });
  return (
    <Stack>
      <form {...form.formProps}>
        <Stack>
          <p style={{ margin: 0 }}>Enter your password, or a code of your authenticator app.</p>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
          <TextInput
            label="Or a code"
            autoComplete="one-time-code"
            inputMode="numeric"
            {...form.getInputProps('code')}
          />
          <FormEnd form={form} label="It is me" />
        </Stack>
      </form>
      <form {...passkey.formProps}>
        {passkey.error && <p role="alert">{passkey.error}</p>}
        <Button type="submit" variant="default">
          Use a passkey
        </Button>
      </form>
      <ProviderProof done={done} />
    </Stack>
  );
}

/** In a tab of its own, so that what was being done here is not lost. */
function ProviderProof({ done }: { done: () => void }) {
  const provider = useProvider();
  const [hasLeft, setLeft] = useState(false);
  if (!provider) return null;
  return (
    <>
      <Button
        component="a"
        href="/api/session/oidc?again=true"
        target="_blank"
        variant="default"
        onClick={() => setLeft(true)}
      >
        Sign in with {provider}
      </Button>
      {hasLeft && (
        <p role="status" style={{ margin: 0 }}>
          Sign in in the new tab, then{' '}
          <Anchor component="button" type="button" onClick={done}>
            go on here
          </Anchor>
          .
        </p>
      )}
    </>
  );
}

function KeyProof({ done }: { done: () => void }) {
  const form = useApiForm({
    initial: { apiKey: '' },
    send: ({ apiKey }) => post('/api/session/fresh', { apiKey: apiKey.trim() }),
    done,
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <PasswordInput
          label="The API key you signed in with"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('apiKey')}
        />
        <FormEnd form={form} label="It is me" />
      </Stack>
    </form>
  );
}
