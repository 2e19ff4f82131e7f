import { Stack, Textarea, TextInput } from '@mantine/core';
import { refresh, useList, usePublication } from '../api/queries';
import { answer, api } from '../api/request';
import { useMay } from '../api/session';
import { FormEnd } from '../ui/form-end';
import { showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { List } from '../ui/rows';
import { Loaded } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';

/** Versions of the terms: a version never changes, a new text is a new version. */
export function TermsPanel() {
  const terms = useList('/terms');
  const publication = usePublication();
  const mayWrite = useMay('settings:write');
  const locale = publication.data?.locale;
  return (
    <>
      {mayWrite && (
        <Loaded of={{ ...terms, data: locale ? terms.rows : undefined }}>
          {(known) => {
            const current = known.find((one) => one.locale === locale) ?? known[0];
            return <TermsForm key={current?.id} text={current?.text ?? ''} locale={locale ?? 'en'} />;
          }}
        </Loaded>
      )}
      <Section title="Versions">
        <List of={terms} empty="There are no terms yet.">
          {(version) => (
            <li key={version.id}>
              <details style={{ width: '100%' }}>
                <summary>
                  Version {version.version} ({version.locale}) · {showTime(version.createdAt)}
                </summary>
                <pre className="plain" style={{ marginTop: '0.75rem' }}>
                  {version.text}
                </pre>
                <p className="quiet small">SHA-256 {version.sha256}</p>
              </details>
            </li>
          )}
        </List>
      </Section>
    </>
  );
}

function TermsForm({ text, locale }: { text: string; locale: string }) {
  const form = useApiForm({
    initial: { text, locale },
    send: (values) => answer(api.POST('/terms', { body: values })),
    done: () => refresh('/terms'),
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <Textarea
          label="Text of the next version"
          description="In Markdown. Readers who sign up from now on agree to it; what others agreed to stays on record."
          autosize
          minRows={8}
          maxRows={24}
          {...form.getInputProps('text')}
        />
        <TextInput label="Language" {...form.getInputProps('locale')} />
        <FormEnd form={form} label="Publish a new version" savedText="Published." />
      </Stack>
    </form>
  );
}
