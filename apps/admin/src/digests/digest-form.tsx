import { Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { Section } from '../ui/page-head';
import { TopicSelect } from '../ui/topic-select';
import { ChoiceFields } from './choice-fields';
import { ApprovalFields, ScheduleFields } from './schedule-fields';
import { useDigestForm, type DigestForm } from './use-digest-form';

/** Makes or changes a digest. A new one starts with what it can not do without. */
export function DigestFields({ digest }: { digest?: Digest }) {
  const form = useDigestForm(digest);
  const mayWrite = useMay('digests:write');
  return (
    <form {...form.formProps} className="narrow">
      <WhatFields form={form} isNew={!digest} />
      <Section title="When">
        <ScheduleFields form={form} />
      </Section>
      {(form.values.rhythm !== 'never' || form.values.needsApproval) && (
        <Section title="Approval and delays">
          <ApprovalFields form={form} />
        </Section>
      )}
      <Section title="Which articles">
        <ChoiceFields form={form} />
      </Section>
      <Section title="Looks">
        <LookFields form={form} />
      </Section>
      {mayWrite && (
        <div className="form-end">
          <Stack>
            <FormEnd form={form} label={digest ? 'Save' : 'Make the digest'} savedText="Saved." />
          </Stack>
        </div>
      )}
    </form>
  );
}

function WhatFields({ form, isNew }: { form: DigestForm; isNew: boolean }) {
  return (
    <Stack>
      <TextInput label="Name" description="What readers see." required {...form.getInputProps('name')} />
      <TextInput
        label="Subject"
        description="Liquid or plain text. Left empty: the title of the first article."
        placeholder="{{ articles[0].title }} and more"
        {...form.getInputProps('subject')}
      />
      <TopicSelect
        description="The topics it takes articles from. None: every article."
        {...form.getInputProps('topics')}
      />
      {!isNew && (
        <Switch
          label="Default digest"
          description="Given to readers who sign up without naming a digest."
          {...form.getInputProps('isDefault', { type: 'checkbox' })}
        />
      )}
    </Stack>
  );
}

function LookFields({ form }: { form: DigestForm }) {
  const source = { autosize: true, minRows: 1, maxRows: 24, classNames: { input: 'mono' } };
  return (
    <Stack>
      <Textarea
        label="Template"
        description="The name of one in templates/emails, or MJML of your own. It is tried out before it is kept."
        {...source}
        {...form.getInputProps('template')}
      />
      <Textarea label="Template of alerts" {...source} {...form.getInputProps('alertTemplate')} />
    </Stack>
  );
}
