import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refresh, useList } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { OperatorPerson, Role } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { messageOf } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';
import { ROLES } from './roles';

/** Who runs the publication. */
export function TeamPanel() {
  const people = useList('/operators');
  return (
    <>
      <InviteForm />
      <Section title="Operators">
        <List of={people} empty="There are no operators yet.">
          {(person) => (
            <Row key={person.id} title={person.name || person.email} meta={metaOf(person)}>
              <RoleSelect person={person} />
              <RemoveButton person={person} />
            </Row>
          )}
        </List>
      </Section>
    </>
  );
}

function metaOf({ email, status, hasTotp, passkeys, lastSignInAt }: OperatorPerson): string {
  const factors = [...(hasTotp ? ['authenticator app'] : []), ...(passkeys ? [`${passkeys} passkeys`] : [])];
  return [email, status, ...factors, `last signed in ${showTime(lastSignInAt)}`].join(' · ');
}

function InviteForm() {
  const initial: { email: string; role: Role } = { email: '', role: 'editor' };
  const form = useApiForm({
    initial,
    send: (values) => answer(api.POST('/invitations', { body: values })),
    done: async () => {
      form.reset();
      await refresh('/operators');
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput label="E-mail address" type="email" {...form.getInputProps('email')} />
        <NativeSelect label="Role" data={ROLES} {...form.getInputProps('role')} />
        <FormEnd form={form} label="Invite" savedText="Invited: the mail is on its way." />
      </Stack>
    </form>
  );
}

function RoleSelect({ person: { id, role, email } }: { person: OperatorPerson }) {
  const change = useMutation({
    mutationFn: (to: Role) => api.PATCH('/operators/{id}', { ...at(id), body: { role: to } }),
    onSettled: () => refresh('/operators'),
  });
  return (
    <NativeSelect
      size="xs"
      aria-label={`Role of ${email}`}
      data={ROLES.map(({ value }) => value)}
      value={role}
      error={change.error && messageOf(change.error)}
      onChange={(event) => change.mutate(event.currentTarget.value as Role)}
    />
  );
}

function RemoveButton({ person }: { person: OperatorPerson }) {
  const remove = async () => {
    await api.DELETE('/operators/{id}', at(person.id));
    await refresh('/operators');
  };
  return (
    <ConfirmButton
      size="xs"
      isDanger
      about={person.email}
      label="Remove"
      title={`Remove ${person.email}?`}
      yes="Remove them"
      act={remove}
    >
      They are signed out everywhere and cannot sign in again. What they did stays in the audit.
    </ConfirmButton>
  );
}
