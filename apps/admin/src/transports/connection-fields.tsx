import { NativeSelect, NumberInput, PasswordInput, Stack, Switch, TextInput } from '@mantine/core';
import type { Transport } from '../api/types';
import type { TransportForm } from './use-transport-form';
import { usualPort } from './transport-values';

const SECURITY = [
  { value: 'starttls', label: 'STARTTLS, required' },
  { value: 'tls', label: 'TLS from the first byte' },
  { value: 'opportunistic', label: 'STARTTLS if it is offered' },
  { value: 'none', label: 'none' },
];
const METHODS = [
  { value: 'password', label: 'name and password' },
  { value: 'xoauth2', label: 'OAuth 2 (XOAUTH2)' },
  { value: 'none', label: 'not at all' },
];

/** Where mail is handed over, and how to sign in there. */
export function ConnectionFields({ form, hasSecret }: { form: TransportForm; hasSecret: boolean }) {
  const { values } = form;
  const secure = (security: Transport['security']) => {
    if (values.port === usualPort(values.security)) form.setFieldValue('port', usualPort(security));
    form.setFieldValue('security', security);
  };
  return (
    <Stack>
      <TextInput
        label="Name"
        description="To tell it from others."
        required
        {...form.getInputProps('name')}
      />
      <div className="host">
        <TextInput label="Host" placeholder="smtp.example.org" required {...form.getInputProps('host')} />
        <NumberInput
          label="Port"
          hideControls
          allowDecimal={false}
          thousandSeparator={false}
          {...form.getInputProps('port')}
        />
      </div>
      <NativeSelect
        label="Encryption"
        data={SECURITY}
        {...form.getInputProps('security')}
        onChange={(event) => secure(event.currentTarget.value as Transport['security'])}
      />
      {values.security !== 'none' && (
        <Switch
          label="The server’s certificate must be valid"
          {...form.getInputProps('verifyCertificate', { type: 'checkbox' })}
        />
      )}
      <NativeSelect label="Sign in" data={METHODS} {...form.getInputProps('auth.method')} />
      {values.auth.method !== 'none' && (
        <TextInput label="User" autoComplete="off" required {...form.getInputProps('auth.user')} />
      )}
      <Secrets form={form} hasSecret={hasSecret} />
      <TextInput
        label="Name said in EHLO"
        description="Left empty: this machine’s."
        {...form.getInputProps('clientName')}
      />
    </Stack>
  );
}

function Secrets({ form, hasSecret }: { form: TransportForm; hasSecret: boolean }) {
  const kept = hasSecret
    ? 'Left empty it stays as it is. Host, port or encryption can only be changed together with it.'
    : undefined;
  const method = form.values.auth.method;
  if (method === 'none') return null;
  if (method === 'password') {
    return (
      <PasswordInput
        label="Password"
        description={kept}
        required={!hasSecret}
        autoComplete="new-password"
        {...form.getInputProps('auth.password')}
      />
    );
  }
  return (
    <>
      <TextInput
        label="Client ID"
        description={kept && 'Left empty, these four stay as they are.'}
        {...form.getInputProps('auth.clientId')}
      />
      <PasswordInput
        label="Client secret"
        autoComplete="new-password"
        {...form.getInputProps('auth.clientSecret')}
      />
      <PasswordInput
        label="Refresh token"
        autoComplete="new-password"
        {...form.getInputProps('auth.refreshToken')}
      />
      <TextInput
        label="Token URL"
        description="Left empty: Google’s."
        placeholder="https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"
        {...form.getInputProps('auth.accessUrl')}
      />
    </>
  );
}
