import { PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { signIn } from '../api/session';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';

const WAYS = [
  { value: 'password', label: 'E-mail and password' },
  { value: 'key', label: 'API key' },
];

export function SignInPage() {
  const [way, setWay] = useState('password');
  return (
    <main>
      <title>Sign in – Broadsheet</title>
      <div className="well" style={{ maxWidth: '26rem', margin: '8vh auto 0' }}>
        <h1 style={{ margin: '0 0 1rem', fontSize: '1.75rem' }}>Broadsheet</h1>
        <SegmentedControl
          fullWidth
          data={WAYS}
          value={way}
          onChange={setWay}
          mb="md"
          aria-label="Sign in with"
        />
        {way === 'password' ? <PasswordForm /> : <KeyForm />}
      </div>
    </main>
  );
}

function PasswordForm() {
  const form = useApiForm({ initial: { email: '', password: '' }, send: signIn });
  return (
    <form {...form.formProps}>
      <Stack>
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <FormEnd form={form} label="Sign in" />
      </Stack>
    </form>
  );
}

function KeyForm() {
  const form = useApiForm({
    initial: { apiKey: '' },
    send: ({ apiKey }) => signIn({ apiKey: apiKey.trim() }),
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <PasswordInput
          label="API key"
          description="An installation on its own stores keeps its first key in DATA_DIR/operator-key."
          autoComplete="off"
          autoFocus
          {...form.getInputProps('apiKey')}
        />
        <FormEnd form={form} label="Sign in" />
      </Stack>
    </form>
  );
}
