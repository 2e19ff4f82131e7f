import { Radio, Stack, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { answer, api } from '../api/request';
import type { Schemas } from '#contract/paths.js';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { PageHead } from '../ui/page-head';
import { useApiForm } from '../ui/use-api-form';

interface Values {
  email: string;
  name: string;
  status: NonNullable<Schemas['NewSubscriber']['status']>;
  consent: { source: string };
}
const EMPTY: Values = { email: '', name: '', status: 'pending', consent: { source: '' } };

/** Adds a reader: either they confirm themselves, or the operator states how they consented. */
export function AddSubscriberPage() {
  const form = useApiForm({
    initial: EMPTY,
    send: ({ email, name, status, consent: { source } }) =>
      answer(
        api.POST('/subscribers', {
          body: {
            email,
            name: name || null,
            status,
            ...(status === 'active' ? { consent: { source, terms: 'accepted' } } : {}),
          },
        }),
      ),
    done: async (made) => {
      navigate(`/subscribers/${made.id}`);
      await refresh('/subscribers');
    },
  });
  return (
    <>
      <PageHead title="Add a subscriber" back={{ to: '/subscribers', label: 'Subscribers' }} />
      <form {...form.formProps} className="narrow">
        <Stack>
          <TextInput label="E-mail address" type="email" required {...form.getInputProps('email')} />
          <TextInput label="Name" {...form.getInputProps('name')} />
          <Radio.Group label="Consent" {...form.getInputProps('status')}>
            <Stack gap="xs" mt="xs">
              <Radio value="pending" label="Ask the reader: they get a mail and confirm it with one click" />
              <Radio value="active" label="The reader has accepted the terms already, and I state how" />
            </Stack>
          </Radio.Group>
          {form.values.status === 'active' && (
            <TextInput
              label="How and where consent was given"
              description="Kept as proof, word for word: “Signed the form at the book fair, 3 May 2026”."
              required
              {...form.getInputProps('consent.source')}
            />
          )}
          <FormEnd form={form} label="Add the subscriber" />
        </Stack>
      </form>
    </>
  );
}
