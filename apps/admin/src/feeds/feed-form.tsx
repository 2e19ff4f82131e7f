import { NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Feed } from '../api/types';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { TopicSelect } from '../ui/topic-select';
import { useApiForm } from '../ui/use-api-form';
import { CategoryRules } from './category-rules';
import { bodyOf, valuesOf } from './feed-values';

/** Adds or changes a feed. */
export function FeedForm({ feed }: { feed?: Feed }) {
  const mayWrite = useMay('digests:write');
  const form = useApiForm({
    initial: valuesOf(feed),
    send: (values) => {
      const body = bodyOf(values);
      return feed
        ? answer(api.PATCH('/feeds/{id}', { ...at(feed.id), body }))
        : answer(api.POST('/feeds', { body }));
    },
    done: async (saved) => {
      if (!feed) navigate(`/feeds/${saved.id}`);
      await refresh('/feeds');
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput
          label="URL of the feed"
          type="url"
          description="RSS, Atom, RDF or JSON Feed. It is fetched at once; what is in it now is history, not news."
          required
          {...form.getInputProps('url')}
        />
        <TextInput
          label="Name"
          description="Left empty: what the feed calls itself."
          {...form.getInputProps('name')}
        />
        <TopicSelect description="Each of its articles gets these." {...form.getInputProps('topics')} />
        <CategoryRules value={form.values.categoryTopics} {...form.getInputProps('categoryTopics')} />
        <NumberInput
          label="Looked at every"
          suffix=" minutes"
          hideControls
          allowDecimal={false}
          {...form.getInputProps('everyMinutes')}
        />
        <Switch label="Take articles from it" {...form.getInputProps('enabled', { type: 'checkbox' })} />
        {mayWrite && <FormEnd form={form} label={feed ? 'Save' : 'Add the feed'} savedText="Saved." />}
      </Stack>
    </form>
  );
}
