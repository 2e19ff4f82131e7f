import { Alert, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { refresh, useOne } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Article, ArticleFormat } from '../api/types';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { fromLocalInput, OWN_TIME_ZONE, showTime, toLocalInput } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { TopicSelect } from '../ui/topic-select';
import { useForm } from '../ui/use-form';
import { RetractButton } from './articles-page';

const BACK = { to: '/articles', label: 'Articles' };
const FORMATS = [
  { value: 'markdown', label: 'Markdown' },
  { value: 'html', label: 'HTML' },
  { value: 'text', label: 'Plain text' },
];

export function ArticleFormPage({ id }: { id?: string }) {
  if (id === undefined) {
    return (
      <>
        <PageHead title="Add an article" back={BACK} />
        <ArticleForm />
      </>
    );
  }
  return <ExistingArticle id={id} />;
}

function ExistingArticle({ id }: { id: string }) {
  const article = useOne<Article>(`/articles/${id}`);
  const mayWrite = useMay('editor');
  return (
    <Loaded of={article}>
      {(known) => (
        <>
          <PageHead title={known.title} back={BACK}>
            {mayWrite && !known.retractedAt && <RetractButton article={known} />}
          </PageHead>
          {known.retractedAt && (
            <Alert color="gray" mb="md">
              Retracted on {showTime(known.retractedAt)}: it is no longer shown or sent.
            </Alert>
          )}
          <ArticleForm article={known} />
        </>
      )}
    </Loaded>
  );
}

function ArticleForm({ article }: { article?: Article }) {
  const mayWrite = useMay('editor');
  const form = useForm({
    initial: {
      title: article?.title ?? '',
      body: article?.body ?? '',
      format: article?.format ?? ('markdown' as ArticleFormat),
      url: article?.url ?? '',
      author: article?.author ?? '',
      imageUrl: article?.imageUrl ?? '',
      topics: article?.topics.map((topic) => topic.id) ?? [],
      embargoUntil: article?.embargoUntil ? toLocalInput(article.embargoUntil) : '',
    },
    send: (values) => {
      const body = {
        ...values,
        url: values.url || null,
        author: values.author || null,
        imageUrl: values.imageUrl || null,
        embargoUntil: fromLocalInput(values.embargoUntil),
      };
      return article ? api.patch(`/articles/${article.id}`, body) : api.post('/articles', body);
    },
    done: async () => {
      await refresh('/articles');
      if (!article) navigate('/articles');
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput label="Title" required {...form.text('title')} />
        <Textarea
          label="Body"
          description="What a mail can not show, such as scripts and forms, is left out."
          required
          autosize
          minRows={10}
          maxRows={30}
          {...form.text('body')}
        />
        <NativeSelect label="Format" data={FORMATS} {...form.text('format')} />
        <TextInput
          label="URL"
          type="url"
          description="Where the story lives. Left empty, it lives on this site."
          {...form.text('url')}
        />
        <TextInput label="Author" {...form.text('author')} />
        <TextInput
          label="Picture"
          type="url"
          description="The URL of a picture."
          {...form.text('imageUrl')}
        />
        <TopicSelect {...form.choice('topics')} />
        <TextInput
          label="Embargo until"
          type="datetime-local"
          description={`Not shown or sent before. In your time zone, ${OWN_TIME_ZONE}.`}
          {...form.text('embargoUntil')}
        />
        {mayWrite && (
          <FormEnd form={form} label={article ? 'Save' : 'Add the article'} savedText="Saved.">
            {!article && (
              <LinkButton to="/articles" variant="default">
                Go back
              </LinkButton>
            )}
          </FormEnd>
        )}
      </Stack>
    </form>
  );
}
