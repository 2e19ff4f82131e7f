import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../api/problem';
import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import { Section } from '../ui/page-head';
import { messageOf } from '../ui/states';
import { fromLocalInput } from '../ui/format';
import { MappingTable } from './mapping-table';
import { SettingsFields } from './settings-fields';
import type { Import } from './words';

/** What the columns are, what becomes of whom, and how consent was given; then a dry run or the import. */
export function ImportForm({ known }: { known: Import }) {
  const [mapping, setMapping] = useState(known.mapping);
  const [settings, setSettings] = useState(known.settings);
  const [consent, setConsent] = useState({ source: '', where: '', at: '' });
  const { id } = known;
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (deed: 'check' | 'start') => {
      await answer(api.PATCH('/imports/{id}', { ...at(id), body: { mapping, settings } }));
      if (deed === 'check') await answer(api.POST('/imports/{id}/check', at(id)));
      else {
        const { source, where } = consent;
        const when = fromLocalInput(consent.at);
        await answer(
          api.POST('/imports/{id}/start', {
            ...at(id),
            body: {
              consent: {
                source,
                terms: 'accepted',
                ...(where ? { where } : {}),
                ...(when ? { at: when } : {}),
              },
            },
          }),
        );
      }
      await refresh('/imports', '/subscribers');
    },
  });
  const errors = error instanceof Problem ? error.errors : [];
  const sourceError = errors.find(({ field }) => field === 'consent.source')?.message;
  const elsewhere = errors.filter(({ field }) => field !== 'consent.source').map(({ message }) => message);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate('start');
      }}
      noValidate
    >
      <Section title="Columns">
        <MappingTable known={known} mapping={mapping} change={setMapping} />
      </Section>
      <Section title="Who is taken in">
        <SettingsFields settings={settings} change={setSettings} />
      </Section>
      <Section title="Consent">
        <Stack className="narrow">
          <TextInput
            label="How these readers gave their consent"
            description="Kept as proof with each of them, word for word: “Ticked the box of the sign-up form of our old site”."
            required
            error={sourceError}
            value={consent.source}
            onChange={(event) => setConsent({ ...consent, source: event.currentTarget.value })}
          />
          <TextInput
            label="Where"
            description="A page, a place, a form."
            value={consent.where}
            onChange={(event) => setConsent({ ...consent, where: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="When"
            description="Of those whose line does not say. Left empty: now."
            value={consent.at}
            onChange={(event) => setConsent({ ...consent, at: event.currentTarget.value })}
          />
        </Stack>
      </Section>
      {error && (errors.length === 0 || elsewhere.length > 0) && (
        <Alert mt="md" color="accent" variant="light" role="alert">
          {elsewhere.join(' ') || messageOf(error)}
        </Alert>
      )}
      <Group mt="lg">
        <Button variant="default" disabled={isPending} onClick={() => mutate('check')}>
          Dry run
        </Button>
        <Button type="submit" loading={isPending}>
          Take them in
        </Button>
      </Group>
      <p className="row-meta">
        By taking them in you state that they accepted your terms. A dry run counts and finds errors, and
        writes nothing.
      </p>
    </form>
  );
}
