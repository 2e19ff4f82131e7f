import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { refresh, useDigests } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { Digest } from '../api/types';
import { Link, navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { PageHead } from '../ui/page-head';
import { Empty, Loaded } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';
import { ArticlePicker } from './article-picker';

/** Drafts an edition of a digest. */
export function DraftPage({ digestId }: { digestId?: string }) {
  const digests = useDigests();
  return (
    <>
      <PageHead title="Draft an edition" back={{ to: '/editions', label: 'Editions' }} />
      <Loaded of={digests}>
        {(known) =>
          known.length > 0 ? (
            <DraftForm digests={known} digestId={digestId} />
          ) : (
            <Empty>
              An edition is one issue of a digest, so <Link to="/digests/new">make a digest</Link> first.
            </Empty>
          )
        }
      </Loaded>
    </>
  );
}

function DraftForm({ digests, digestId }: { digests: Digest[]; digestId: string | undefined }) {
  const form = useApiForm({
    initial: { digestId: digestId ?? digests[0]?.id ?? '', subject: '', articleIds: [] as string[] },
    send: (values) =>
      answer(
        api.POST('/digests/{id}/editions', {
          ...at(values.digestId),
          body: {
            subject: values.subject || null,
            ...(values.articleIds.length > 0 ? { articleIds: values.articleIds } : {}),
          },
        }),
      ),
    done: async (edition) => {
      navigate(`/editions/${edition.id}/compose`);
      await refresh('/editions');
    },
  });
  const digest = digests.find(({ id }) => id === form.values.digestId);
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <NativeSelect
          label="Digest"
          data={digests.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('digestId')}
        />
        <TextInput
          label="Subject"
          description={`Left empty: ${digest?.subject ?? 'the title of the first article'}`}
          {...form.getInputProps('subject')}
        />
        <ArticlePicker value={form.values.articleIds} {...form.getInputProps('articleIds')} />
        <p className="quiet small" style={{ margin: 0 }}>
          With none chosen it takes what is new and this digest has not sent. Nothing is sent yet: the next
          page shows what readers would get.
        </p>
        <FormEnd form={form} label="Draft the edition" />
      </Stack>
    </form>
  );
}
