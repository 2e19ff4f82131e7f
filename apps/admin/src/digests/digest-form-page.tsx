import { Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { refresh, useOne } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { navigate } from '../router/router';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { PageHead } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { TopicSelect } from '../ui/topic-select';
import { useForm } from '../ui/use-form';

const BACK = { to: '/digests', label: 'Digests' };

export function DigestFormPage({ id }: { id?: string }) {
  if (id === undefined) {
    return (
      <>
        <PageHead title="Make a digest" back={BACK} />
        <DigestForm />
      </>
    );
  }
  return <ExistingDigest id={id} />;
}

function ExistingDigest({ id }: { id: string }) {
  const digest = useOne<Digest>(`/digests/${id}`);
  const mayWrite = useMay('editor');
  return (
    <Loaded of={digest}>
      {(known) => (
        <>
          <PageHead title={known.name} back={BACK}>
            {mayWrite && <EndButton digest={known} />}
          </PageHead>
          <DigestForm digest={known} />
        </>
      )}
    </Loaded>
  );
}

function EndButton({ digest }: { digest: Digest }) {
  const end = async () => {
    await api.delete(`/digests/${digest.id}`);
    navigate('/digests');
    await refresh('/digests');
  };
  return (
    <ConfirmButton label="End the digest" title="End this digest?" yes="End it" act={end}>
      Every subscription to “{digest.name}” ends and no further edition of it can be drafted. Editions that
      were sent stay. This can not be undone.
    </ConfirmButton>
  );
}

function DigestForm({ digest }: { digest?: Digest }) {
  const mayWrite = useMay('editor');
  const form = useForm({
    initial: {
      name: digest?.name ?? '',
      subject: digest?.subject ?? '',
      topics: digest?.topics ?? [],
      minArticles: digest?.minArticles ?? 1,
      maxArticles: digest?.maxArticles ?? 20,
      isDefault: digest?.isDefault,
    },
    send: ({ subject, topics, ...rest }) => {
      const body = { ...rest, subject: subject || null, topics: topics.length > 0 ? topics : null };
      return digest ? api.patch<Digest>(`/digests/${digest.id}`, body) : api.post<Digest>('/digests', body);
    },
    done: async () => {
      await refresh('/digests');
      if (!digest) navigate('/digests');
    },
  });
  const number = (name: 'minArticles' | 'maxArticles') => ({
    value: form.values[name],
    error: form.errorOf(name),
    onChange: (value: string | number) => form.set(name, Number(value)),
    min: 1,
    max: 100,
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput label="Name" description="What readers see." required {...form.text('name')} />
        <TextInput
          label="Subject"
          description="Liquid or plain text. Left empty: the title of the first article."
          placeholder="{{ articles[0].title }} and more"
          {...form.text('subject')}
        />
        <TopicSelect
          description="The topics it takes articles from. None: every article."
          {...form.choice('topics')}
        />
        <Group grow align="flex-start">
          <NumberInput label="At least" suffix=" articles" {...number('minArticles')} />
          <NumberInput label="At most" suffix=" articles" {...number('maxArticles')} />
        </Group>
        {digest && (
          <Switch
            label="Default digest"
            description="Given to readers who sign up without naming a digest."
            checked={form.values.isDefault ?? false}
            onChange={(event) => form.set('isDefault', event.currentTarget.checked)}
          />
        )}
        {mayWrite && <FormEnd form={form} label={digest ? 'Save' : 'Make the digest'} savedText="Saved." />}
      </Stack>
    </form>
  );
}
