import { ColorInput, Stack, Textarea, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Publication } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';
import { ZoneInput } from '../ui/zone-input';

/** Who publishes and who sends. What the server warns of stands at its field. */
export function PublicationForm({ publication }: { publication: Publication }) {
  const mayWrite = useMay('settings:write');
  const form = useApiForm({
    initial: {
      name: publication.name,
      senderName: publication.senderName,
      senderEmail: publication.senderEmail,
      replyTo: publication.replyTo ?? '',
      postalAddress: publication.postalAddress,
      locale: publication.locale,
      timeZone: publication.timeZone,
      theme: { accentColor: publication.theme.accentColor },
    },
    send: ({ replyTo, ...rest }) =>
      api.PATCH('/publication', { body: { ...rest, replyTo: replyTo || null } }),
    done: () => refresh('/publication'),
  });
  const warning = (field: string) => publication.warnings.find((one) => one.field === field)?.message;
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput
          label="Name"
          description="What readers see at the head of the site and of every mail."
          {...form.getInputProps('name')}
        />
        <TextInput label="Sender’s name" {...form.getInputProps('senderName')} />
        <TextInput
          label="Sender’s address"
          type="email"
          description={warning('senderEmail') ?? 'Mail comes from this address.'}
          {...form.getInputProps('senderEmail')}
        />
        <TextInput
          label="Answers go to"
          type="email"
          description="Left empty: to the sender’s address."
          {...form.getInputProps('replyTo')}
        />
        <Textarea
          label="Postal address"
          description={warning('postalAddress') ?? 'Stands at the foot of every mail.'}
          autosize
          minRows={2}
          {...form.getInputProps('postalAddress')}
        />
        <TextInput
          label="Language"
          description="A language tag such as en or de-AT."
          {...form.getInputProps('locale')}
        />
        <ZoneInput {...form.getInputProps('timeZone')} />
        <ColorInput label="Accent colour" {...form.getInputProps('theme.accentColor')} />
        {mayWrite && <FormEnd form={form} label="Save" savedText="Saved." />}
      </Stack>
    </form>
  );
}
