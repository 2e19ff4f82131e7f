import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Publication } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';

const MEASURES: { value: Publication['measure']; label: string; does: string }[] = [
  {
    value: 'totals',
    label: 'In numbers that name nobody',
    does: 'Each link counts how many people followed it. Of readers nothing is stored.',
  },
  {
    value: 'consented',
    label: 'Also by reader, where they agreed',
    does:
      'Readers are asked in a box of its own, when they sign up and on their settings page. Of those who tick it you see which links they followed and ' +
      'whether they opened a mail; of all others nothing is stored. Who unticks it is forgotten at once.',
  },
  {
    value: 'none',
    label: 'Not at all',
    does: 'Links lead straight to their targets, and nothing is stored.',
  },
];

/** Whether clicks are counted, and what links in mails carry. */
export function MeasuringForm({ publication: { measure, utm } }: { publication: Publication }) {
  const mayWrite = useMay('settings:write');
  const form = useApiForm({
    initial: {
      measure,
      utm: { source: utm?.source ?? '', medium: utm?.medium ?? '', campaign: utm?.campaign ?? '' },
    },
    send: ({ utm: { source, medium, campaign }, ...rest }) =>
      api.PATCH('/publication', {
        body: {
          ...rest,
          utm: source || medium || campaign ? { source, medium, campaign: campaign || null } : null,
        },
      }),
    done: () => refresh('/publication'),
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <NativeSelect
          label="Clicks in mails are counted"
          description={`${MEASURES.find(({ value }) => value === form.getValues().measure)?.does ?? ''} It holds for editions that begin to go out from now on.`}
          data={MEASURES.map(({ value, label }) => ({ value, label }))}
          {...form.getInputProps('measure')}
        />
        <TextInput
          label="UTM source"
          description="With source, medium and campaign left empty nothing is added to links."
          placeholder="harbour-post"
          {...form.getInputProps('utm.source')}
        />
        <TextInput label="UTM medium" placeholder="email" {...form.getInputProps('utm.medium')} />
        <TextInput
          label="UTM campaign"
          description="{digest} and {edition} become the short names of both."
          placeholder="{digest}-{edition}"
          {...form.getInputProps('utm.campaign')}
        />
        {mayWrite && <FormEnd form={form} label="Save" savedText="Saved." />}
      </Stack>
    </form>
  );
}
