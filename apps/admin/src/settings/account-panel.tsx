import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import { addPasskey } from '../api/account-calls';
import { refresh, useList, useOne } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { Account } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { Loaded } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';

/** What operators see to themselves: password, second factors, sessions. */
export function AccountPanel() {
  const account = useOne('/account');
  return (
    <Loaded of={account}>
      {(known) => (
        <>
          <PasswordForm hasPassword={known.hasPassword} />
          <Section title="Authenticator app">
            <Totp account={known} />
          </Section>
          <Section title="Passkeys">
            <Passkeys account={known} />
          </Section>
          <Section title="Sessions">
            <Sessions />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const form = useApiForm({
    initial: { current: '', password: '' },
    send: ({ current, password }) =>
      api.POST('/account/password', { body: { password, ...(hasPassword ? { current } : {}) } }),
    done: () => {
      form.reset();
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        {hasPassword && (
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            {...form.getInputProps('current')}
          />
        )}
        <PasswordInput
          label="New password"
          description="At least 12 characters; four words are good."
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <FormEnd
          form={form}
          label="Change the password"
          savedText="Changed. Your other sessions have ended."
        />
      </Stack>
    </form>
  );
}

function Totp({ account }: { account: Account }) {
  const [begun, setBegun] = useState<{ secret?: string | undefined; uri?: string | undefined }>();
  const [codes, setCodes] = useState<string[]>();
  const start = useApiForm({
    initial: {},
    send: () => answer(api.POST('/account/totp')),
    done: setBegun,
  });
  const remove = async () => {
    await api.DELETE('/account/totp');
    await refresh('/account');
  };
  if (codes) {
    return (
      <Alert color="green" variant="light" title="Recovery codes" className="narrow">
        <p style={{ marginTop: 0 }}>
          Each works once, when the app is lost. Keep them: they are not shown again.
        </p>
        <pre className="plain">{codes.join('\n')}</pre>
        <Button size="xs" variant="default" mt="sm" onClick={() => setCodes(undefined)}>
          I have kept them
        </Button>
      </Alert>
    );
  }
  if (account.hasTotp) {
    return (
      <p>
        On; {account.recoveryCodesLeft} recovery codes are left.{' '}
        <ConfirmButton
          size="xs"
          label="Remove the app"
          title="Remove the authenticator app?"
          yes="Remove it"
          act={remove}
        >
          Your password alone signs you in then.
        </ConfirmButton>
      </p>
    );
  }
  if (begun) {
    const done = async (shown: string[]) => {
      setCodes(shown);
      setBegun(undefined);
      await refresh('/account');
    };
    return <ConfirmTotp secret={begun.secret ?? ''} uri={begun.uri ?? ''} done={done} />;
  }
  return (
    <form {...start.formProps}>
      <FormEnd form={start} label="Set up an authenticator app" />
    </form>
  );
}

function ConfirmTotp({
  secret,
  uri,
  done,
}: {
  secret: string;
  uri: string;
  done: (codes: string[]) => unknown;
}) {
  const form = useApiForm({
    initial: { code: '' },
    send: (body) => answer(api.POST('/account/totp/confirm', { body })),
    done: ({ codes = [] }) => done(codes),
  });
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri))}`;
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <img src={picture} alt="QR code for the authenticator app" width={200} height={200} />
        <TextInput label="Or type this into the app" readOnly value={secret} ff="monospace" />
        <TextInput
          label="The code it shows"
          autoComplete="one-time-code"
          inputMode="numeric"
          {...form.getInputProps('code')}
        />
        <FormEnd form={form} label="Turn it on" />
      </Stack>
    </form>
  );
}

function Passkeys({ account }: { account: Account }) {
  const form = useApiForm({
    initial: { name: '' },
    send: ({ name }) => addPasskey(name),
    done: async () => {
      form.reset();
      await refresh('/account');
    },
  });
  const remove = (id: string) => async () => {
    await api.DELETE('/account/passkeys/{id}', at(id));
    await refresh('/account');
  };
  return (
    <>
      <ul className="rows">
        {account.passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
          <Row key={id} title={name} meta={`made ${showTime(createdAt)} · last used ${showTime(lastUsedAt)}`}>
            <ConfirmButton
              size="xs"
              label="Remove"
              title={`Remove the passkey ${name}?`}
              yes="Remove it"
              act={remove(id)}
            >
              It signs nobody in any more.
            </ConfirmButton>
          </Row>
        ))}
      </ul>
      <form {...form.formProps} className="narrow">
        <Stack>
          <TextInput label="Name of this device" {...form.getInputProps('name')} />
          <FormEnd form={form} label="Add a passkey" savedText="Added." />
        </Stack>
      </form>
    </>
  );
}

function Sessions() {
  const sessions = useList('/sessions');
  const end = (id: string) => async () => {
    await api.DELETE('/sessions/{id}', at(id));
    await refresh('/sessions');
  };
  return (
    <List of={sessions} empty="There are no sessions.">
      {({ id, name, method, client, userAgent, isCurrent, lastSeenAt }) => (
        <Row
          key={id}
          title={isCurrent ? `${name} (this one)` : name}
          meta={`${method} · ${client ?? 'unknown address'} · ${userAgent ?? 'unknown browser'} · last seen ${showTime(lastSeenAt)}`}
        >
          {!isCurrent && (
            <ConfirmButton size="xs" label="End" title="End this session?" yes="End it" act={end(id)}>
              Whoever uses it is signed out.
            </ConfirmButton>
          )}
        </Row>
      )}
    </List>
  );
}
