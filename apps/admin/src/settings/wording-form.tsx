import { Stack, Textarea, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Publication } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { useForm } from '../ui/use-form';

/** The publication's own words on the sign-up form. */
export function WordingForm({ publication: { wording } }: { publication: Publication }) {
  const mayWrite = useMay('editor');
  const form = useForm({
    initial: {
      'wording.invitation': wording.invitation ?? '',
      'wording.agreement': wording.agreement ?? '',
      'wording.button': wording.button ?? '',
    },
    send: (values) =>
      api.patch('/publication', {
        wording: {
          invitation: values['wording.invitation'] || null,
          agreement: values['wording.agreement'] || null,
          button: values['wording.button'] || null,
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
          {...form.text('wording.invitation')}
        />
        <Textarea
          label="Agreement"
          description="Write [terms] once, where the link to the terms belongs. The sentence a reader saw is kept with their consent."
          placeholder="By submitting this form, I agree to the [terms]."
          autosize
          {...form.text('wording.agreement')}
        />
        <TextInput label="Button" placeholder="Sign up" {...form.text('wording.button')} />
        {mayWrite && <FormEnd form={form} label="Save" savedText="Saved." />}
      </Stack>
    </form>
  );
}
