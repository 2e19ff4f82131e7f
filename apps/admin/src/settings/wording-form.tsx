import { Stack, Textarea, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Publication } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';

/** The publication's own words on the sign-up form. */
export function WordingForm({ publication: { wording } }: { publication: Publication }) {
  const mayWrite = useMay('settings:write');
  const form = useApiForm({
    initial: {
      wording: {
        invitation: wording.invitation ?? '',
        agreement: wording.agreement ?? '',
        button: wording.button ?? '',
      },
    },
    send: ({ wording: { invitation, agreement, button } }) =>
      api.PATCH('/publication', {
        body: {
          wording: { invitation: invitation || null, agreement: agreement || null, button: button || null },
        },
      }),
    done: () => refresh('/publication'),
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <p className="quiet" style={{ margin: 0 }}>
          What is left empty is shown in the reader’s language, in our words.
        </p>
        <TextInput
          label="Invitation"
          placeholder="Sign up to receive our latest news!"
          {...form.getInputProps('wording.invitation')}
        />
        <Textarea
          label="Agreement"
          description="Write [terms] once, where the link to the terms belongs. The sentence a reader saw is kept with their consent."
          placeholder="By submitting this form, I agree to the [terms]."
          autosize
          {...form.getInputProps('wording.agreement')}
        />
        <TextInput label="Button" placeholder="Sign up" {...form.getInputProps('wording.button')} />
        {mayWrite && <FormEnd form={form} label="Save" savedText="Saved." />}
      </Stack>
    </form>
  );
}
