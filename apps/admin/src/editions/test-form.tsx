import { Stack, Textarea } from '@mantine/core';
import { api, at } from '../api/request';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';

/** Sends an edition to a few colleagues. */
export function TestForm({ editionId }: { editionId: string }) {
  const form = useApiForm({
    initial: { to: '' },
    send: ({ to }) =>
      api.POST('/editions/{id}/test', {
        ...at(editionId),
        body: { to: to.split(/[\s,;]+/).filter((address) => address !== '') },
      }),
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <Textarea
          label="Addresses"
          description="Of colleagues, not readers; up to 20, apart by commas or lines. The links in the mail act on nobody."
          autosize
          minRows={2}
          {...form.getInputProps('to')}
        />
        <FormEnd form={form} label="Send the test" savedText="The test is on its way." />
      </Stack>
    </form>
  );
}
