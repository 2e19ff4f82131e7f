import { Stack, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { one, refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { Digest, Edition } from '../api/types';
import { Link } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { Empty } from '../ui/states';
import { useApiForm } from '../ui/use-api-form';
import { ArticlePicker } from './article-picker';

interface EditionArticlesProps {
  edition: Edition;
  digest: Digest | undefined;
  isEditable: boolean;
}

/** What is in an edition; a form while it may still be changed. */
export function EditionArticles({ edition, digest, isEditable }: EditionArticlesProps) {
  return isEditable ? (
    <EditForm edition={edition} digest={digest} />
  ) : (
    <ArticleList ids={edition.articleIds} isAuto={edition.selection === 'auto'} />
  );
}

function EditForm({ edition, digest }: { edition: Edition; digest: Digest | undefined }) {
  const form = useApiForm({
    initial: { subject: edition.subject ?? '', articleIds: edition.articleIds },
    send: ({ subject, articleIds }) =>
      answer(
        api.PATCH('/editions/{id}', { ...at(edition.id), body: { subject: subject || null, articleIds } }),
      ),
    done: () => refresh('/editions'),
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput
          label="Subject"
          description={`Left empty: ${digest?.subject ?? 'the title of the first article'}`}
          {...form.getInputProps('subject')}
        />
        <ArticlePicker value={form.values.articleIds} {...form.getInputProps('articleIds')} />
        <FormEnd form={form} label="Save" savedText="Saved." />
      </Stack>
    </form>
  );
}

function ArticleList({ ids, isAuto }: { ids: string[]; isAuto: boolean }) {
  const articles = useQueries({
    queries: ids.map((id) => one('/articles/{id}', id)),
  });
  if (ids.length === 0 && isAuto)
    return <Empty>Its articles are chosen for each reader when they are due. “Why?” tells for one.</Empty>;
  if (ids.length === 0) return <Empty>It has no articles.</Empty>;
  return (
    <ol>
      {articles.map(({ data }, index) => (
        <li key={ids[index]}>{data && <Link to={`/articles/${data.id}`}>{data.title}</Link>}</li>
      ))}
    </ol>
  );
}
