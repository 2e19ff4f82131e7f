import { Stack, TextInput } from '@mantine/core';
import { refresh, useList } from '../api/queries';
import { answer, api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Topic } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { useApiForm } from '../ui/use-api-form';

/** What articles are about and readers choose. */
export function TopicsPanel() {
  const topics = useList('/topics');
  const mayWrite = useMay('digests:write');
  return (
    <>
      {mayWrite && <TopicForm />}
      <Section title="Topics">
        <List of={topics} empty="There are no topics yet: every reader gets every article.">
          {(topic) => (
            <Row key={topic.id} title={topic.name} meta={topic.slug}>
              {mayWrite && <RemoveButton topic={topic} />}
            </Row>
          )}
        </List>
      </Section>
    </>
  );
}

function TopicForm() {
  const form = useApiForm({
    initial: { name: '' },
    send: (values) => answer(api.POST('/topics', { body: values })),
    done: async () => {
      form.reset();
      await refresh('/topics');
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput label="Name of a new topic" {...form.getInputProps('name')} />
        <FormEnd form={form} label="Add the topic" savedText="Added." />
      </Stack>
    </form>
  );
}

function RemoveButton({ topic }: { topic: Topic }) {
  const remove = async () => {
    await api.DELETE('/topics/{id}', at(topic.id));
    await refresh('/topics', '/articles');
  };
  return (
    <ConfirmButton
      size="xs"
      isDanger
      about={topic.name}
      label="Remove"
      title="Remove this topic?"
      yes="Remove it"
      act={remove}
    >
      “{topic.name}” is taken off every article and out of every reader’s choice.
    </ConfirmButton>
  );
}
