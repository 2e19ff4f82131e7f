import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Publication } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';

const MEASURES = [
  { value: 'totals', label: 'In numbers that name nobody' },
  { value: 'none', label: 'Not at all' },
];

/** Whether clicks are counted, and what links in mails carry. */
export function MeasuringForm({ publication: { measure, utm } }: { publication: Publication }) {
  const mayWrite = useMay('settings:write');
  const form = useApiForm({
    initial: {
      measure: measure === 'none' ? ('none' as const) : ('totals' as const),
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
          description="Of readers nothing is stored either way. It holds for editions that begin to go out from now on."
          data={MEASURES}
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
