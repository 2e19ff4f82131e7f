import { Stack, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { answer, api } from '../api/request';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { PageHead } from '../ui/page-head';
import { useApiForm } from '../ui/use-api-form';

/** Makes a draft of a page on the web and goes on to its review. */
export function ImportPage() {
  const form = useApiForm({
    initial: { url: '' },
    send: (values) => answer(api.POST('/articles/import', { body: values })),
    done: async (article) => {
      navigate(`/articles/${article.id}`);
      await refresh('/articles');
    },
  });
  return (
    <>
      <PageHead title="Import an article" back={{ to: '/articles', label: 'Articles' }} />
      <form {...form.formProps} className="narrow">
        <Stack>
          <TextInput
            label="URL of the page"
            type="url"
            description="Title, author, picture, date and text are taken from it, into a draft that you release. A page that was imported before shows its article. Takes up to half a minute."
            required
            {...form.getInputProps('url')}
          />
          <FormEnd form={form} label="Import it" />
        </Stack>
      </form>
    </>
  );
}
