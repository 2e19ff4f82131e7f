import { PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { forgetSession, get, post } from '../api/account-calls';
import { took, type Session } from '../api/session';
import { Link, navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { Loaded } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';
import { Door } from './door';

const PASSWORD_HINT = 'At least 12 characters; four words are good.';

/** Behind the link of an invitation. */
export function InvitationPage({ token }: { token: string }) {
  const path = `/api/invitations/${token}`;
  const invitation = useQuery({
    queryKey: [path],
    queryFn: () => get<{ email: string; name: string; role: string }>(path),
  });
  return (
    <Door title="You are invited">
      <Loaded of={invitation}>{(known) => <AcceptForm path={path} {...known} />}</Loaded>
    </Door>
  );
}

function AcceptForm({
  path,
  email,
  name,
  role,
}: {
  path: string;
  email: string;
  name: string;
  role: string;
}) {
  const form = useApiForm({
    initial: { name, password: '' },
    send: (values) => post<Session>(path, values),
    done: (session) => {
      navigate('/', { replace: true });
      took(session);
    },
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <p style={{ margin: 0 }}>
          As {role}, with the address {email}.
        </p>
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <PasswordInput
          label="New password"
          description={PASSWORD_HINT}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <FormEnd form={form} label="Accept" />
      </Stack>
    </form>
  );
}

/** Behind the link of a mail for a new password. */
export function ResetPage({ token }: { token: string }) {
  const path = `/api/password-resets/${token}`;
  const reset = useQuery({ queryKey: [path], queryFn: () => get<{ email: string }>(path) });
  return (
    <Door title="A new password">
      <Loaded of={reset}>{({ email }) => <ResetForm path={path} email={email} />}</Loaded>
    </Door>
  );
}

function ResetForm({ path, email }: { path: string; email: string }) {
  const form = useApiForm({
    initial: { password: '' },
    send: (values) => post(path, values),
    done: () => {
      forgetSession();
      navigate('/', { replace: true });
    },
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <TextInput label="E-mail address" value={email} readOnly autoComplete="username" />
        <PasswordInput
          label="New password"
          description={PASSWORD_HINT}
          autoComplete="new-password"
          autoFocus
          {...form.getInputProps('password')}
        />
        <FormEnd form={form} label="Set the password" />
      </Stack>
    </form>
  );
}

/** Asks for that mail. The answer is the same for every address. */
export function ForgotPage() {
  const [isSent, setSent] = useState(false);
  const form = useApiForm({
    initial: { email: '' },
    send: (values) => post('/api/password-resets', values),
    done: () => setSent(true),
  });
  return (
    <Door title="Forgotten password">
      {isSent ? (
        <p role="status">
          If there is such an account, a mail with a link is on its way. The link works for an hour.
        </p>
      ) : (
        <form {...form.formProps}>
          <Stack>
            <TextInput
              label="E-mail address"
              type="email"
              autoComplete="username"
              autoFocus
              {...form.getInputProps('email')}
            />
            <FormEnd form={form} label="Send me a link" />
          </Stack>
        </form>
      )}
      <p>
        <Link to="/">Back to signing in</Link>
      </p>
    </Door>
  );
}
