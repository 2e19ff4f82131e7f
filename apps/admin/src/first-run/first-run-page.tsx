import { PasswordInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get, post } from '../api/account-calls';
import { took, type Session } from '../api/session';
import { navigate } from '../router/router';
import { Door } from '../sign-in/door';
import { FormEnd } from '../ui/form-end';
import { Loaded } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';

interface Begun {
  publication: { name: string; senderName: string; senderEmail: string };
  terms: string;
}

/** Behind the link that the first start prints: five minutes, and a mail has gone out. */
export function FirstRunPage({ token }: { token: string }) {
  const path = `/api/first-run/${token}`;
  const begun = useQuery({ queryKey: [path], queryFn: () => get<Begun>(path) });
  return (
    <Door title="Welcome to Broadsheet">
      <Loaded of={begun}>{(known) => <FirstRunForm path={path} {...known} />}</Loaded>
    </Door>
  );
}

function FirstRunForm({ path, publication, terms }: Begun & { path: string }) {
  const form = useApiForm({
    initial: {
      owner: { name: '', email: '', password: '' },
      publication: {
        name: publication.name,
        senderName: publication.senderName,
        senderEmail: publication.senderEmail,
        postalAddress: '',
      },
      terms: { text: terms },
      digest: { name: 'The newsletter' },
      testMail: true,
    },
    send: (values) =>
      post<Session>(path, {
        ...values,
        // Unchanged, those it comes with stay: in every language.
        terms: values.terms.text === terms ? undefined : values.terms,
      }),
    done: (session) => {
      navigate('/', { replace: true });
      took(session);
    },
  });
  const field = form.getInputProps;
  return (
    <form {...form.formProps}>
      <Stack>
        <h2>You</h2>
        <TextInput label="Your name" autoComplete="name" autoFocus {...field('owner.name')} />
        <TextInput
          label="Your e-mail address"
          type="email"
          autoComplete="username"
          {...field('owner.email')}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters; four words are good."
          autoComplete="new-password"
          {...field('owner.password')}
        />
        <h2>The publication</h2>
        <TextInput label="Its name" {...field('publication.name')} />
        <TextInput label="Sender’s name" {...field('publication.senderName')} />
        <TextInput label="Sender’s address" {...field('publication.senderEmail')} />
        <Textarea
          label="Postal address"
          description="The law of many countries wants it in every mail."
          autosize
          minRows={2}
          {...field('publication.postalAddress')}
        />
        <Textarea
          label="Terms of the newsletter"
          autosize
          minRows={4}
          maxRows={12}
          {...field('terms.text')}
        />
        <TextInput label="The first digest" {...field('digest.name')} />
        <Switch label="Send me a first mail" {...form.getInputProps('testMail', { type: 'checkbox' })} />
        <FormEnd form={form} label="Begin" />
      </Stack>
    </form>
  );
}
