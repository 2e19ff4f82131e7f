import { Alert, Button, Divider, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { signInByPasskey } from '../api/account-calls';
import { Problem } from '../api/problem';
import { signIn } from '../api/session';
import { Link } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';
import { Door } from './door';
import { problemIn } from './problems';
import { useProvider } from './use-provider';

const WAYS = [
  { value: 'password', label: 'E-mail and password' },
  { value: 'key', label: 'API key' },
];

export function SignInPage() {
  const [way, setWay] = useState('password');
  const problem = problemIn(window.location.search);
  return (
    <Door title="Broadsheet">
      <title>Sign in – Broadsheet</title>
      {problem && (
        <Alert color="accent" variant="light" role="alert" mb="md">
          {problem}
        </Alert>
      )}
      <SegmentedControl
        fullWidth
        data={WAYS}
        value={way}
        onChange={setWay}
        mb="md"
        aria-label="Sign in with"
      />
      {way === 'password' ? <PasswordForm /> : <KeyForm />}
      <OtherWays />
    </Door>
  );
}

function PasswordForm() {
  const [wantsCode, setWantsCode] = useState(false);
  const form = useApiForm({
    initial: { email: '', password: '', code: '' },
    send: ({ email, password, code }) =>
      signIn({ email, password, ...(code.trim() ? { code: code.trim() } : {}) }).catch((error: unknown) => {
        const isAsked = error instanceof Problem && error.code === 'second_factor_required';
        if (!isAsked || wantsCode) throw error;
        setWantsCode(true);
      }),
  });
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
        {wantsCode && (
          <TextInput
            label="Code"
            description="Of your authenticator app, or a recovery code."
            autoComplete="one-time-code"
            autoFocus
            {...form.getInputProps('code')}
          />
        )}
        <FormEnd form={form} label="Sign in">
          <Link to="/forgot-password">Forgotten?</Link>
        </FormEnd>
      </Stack>
    </form>
  );
}

/** By passkey, and at the identity provider if there is one. */
function OtherWays() {
  const provider = useProvider();
  const passkey = useApiForm({ initial: {}, send: signInByPasskey });
  return (
    <form {...passkey.formProps}>
      <Divider my="md" label="or" />
      <Stack gap="xs">
        {passkey.error && (
          <Alert color="accent" variant="light" role="alert">
            {passkey.error}
          </Alert>
        )}
        <Button type="submit" variant="default" loading={passkey.submitting}>
          Sign in with a passkey
        </Button>
        {provider && (
          <Button component="a" href="/api/session/oidc" variant="default">
            Sign in with {provider}
          </Button>
        )}
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
