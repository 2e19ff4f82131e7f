import {
  Modal,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Article } from '../api/types';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { OWN_TIME_ZONE } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { TopicSelect } from '../ui/topic-select';
import { useApiForm } from '../ui/use-api-form';
import { bodyOf, firesAlert, valuesOf } from './article-values';

const FORMATS = [
  { value: 'markdown', label: 'Markdown' },
  { value: 'html', label: 'HTML' },
  { value: 'text', label: 'Plain text' },
];

type Form = ReturnType<typeof useArticleForm>;

function useArticleForm(article?: Article) {
  return useApiForm({
    initial: valuesOf(article),
    send: (values) => {
      const body = bodyOf(values, article);
      return article
        ? answer(api.PATCH('/articles/{id}', { ...at(article.id), body }))
        : answer(api.POST('/articles', { body }));
    },
    done: async () => {
      await refresh('/articles', '/editions');
      if (!article) navigate('/articles');
    },
  });
}

/** Makes or changes an article. One that becomes breaking is asked about first. */
export function ArticleForm({ article }: { article?: Article }) {
  const mayWrite = useMay('drafts:write');
  const form = useArticleForm(article);
  const [asking, setAsking] = useState(false);
  const { ref, onSubmit, noValidate } = form.formProps;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (firesAlert(form.values, article)) setAsking(true);
    else onSubmit(event);
  };
  return (
    <form ref={ref} noValidate={noValidate} onSubmit={submit} className="narrow">
      <Stack>
        <StoryFields form={form} />
        <StandingFields form={form} isNew={!article} />
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
      <Modal opened={asking} onClose={() => setAsking(false)} title="Mail an alert at once?">
        <p style={{ marginTop: 0 }}>
          A breaking article goes at once to every reader who asked for alerts on its topics, in a mail of its
          own. If it is under embargo or not published yet, it goes at that time. What a mail server has
          accepted can not be called back.
        </p>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)}>
            Go back
          </Button>
          <Button
            onClick={(event) => {
              setAsking(false);
              onSubmit(event);
            }}
          >
            Save and mail it
          </Button>
        </Group>
      </Modal>
    </form>
  );
}

function StoryFields({ form }: { form: Form }) {
  return (
    <>
      <TextInput label="Title" required {...form.getInputProps('title')} />
      <Textarea
        label="Body"
        description="What a mail can not show, such as scripts and forms, is left out."
        required
        autosize
        minRows={10}
        maxRows={30}
        {...form.getInputProps('body')}
      />
      <NativeSelect label="Format" data={FORMATS} {...form.getInputProps('format')} />
      <TextInput
        label="URL"
        type="url"
        description="Where the story lives. Left empty, it lives on this site."
        {...form.getInputProps('url')}
      />
      <TextInput label="Author" {...form.getInputProps('author')} />
      <TextInput
        label="Picture"
        type="url"
        description="The URL of a picture."
        {...form.getInputProps('imageUrl')}
      />
      <TopicSelect {...form.getInputProps('topics')} />
    </>
  );
}

function StandingFields({ form, isNew }: { form: Form; isNew: boolean }) {
  return (
    <>
      <NumberInput
        label="Priority"
        description="From −100 to 100. The higher comes first in digests that go by it."
        allowDecimal={false}
        {...form.getInputProps('priority')}
      />
      <Switch
        label="Breaking"
        description="Goes at once, in a mail of its own, to those who asked for alerts."
        {...form.getInputProps('breaking', { type: 'checkbox' })}
      />
      <TextInput
        label="Published"
        type="datetime-local"
        description={`${isNew ? 'Left empty: now. ' : ''}Not shown or sent before. In your time zone, ${OWN_TIME_ZONE}.`}
        {...form.getInputProps('publishedAt')}
      />
      <TextInput
        label="Embargo until"
        type="datetime-local"
        description={`Not shown or sent before, whenever it is published. In ${OWN_TIME_ZONE} too.`}
        {...form.getInputProps('embargoUntil')}
      />
      {isNew && (
        <Switch
          label="Keep it as a draft"
          description="Neither shown nor sent until it is released."
          {...form.getInputProps('draft', { type: 'checkbox' })}
        />
      )}
    </>
  );
}
