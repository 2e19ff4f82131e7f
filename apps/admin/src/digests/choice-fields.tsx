import { MultiSelect, NativeSelect, NumberInput, Stack, Switch, Textarea } from '@mantine/core';
import { ArticleSelect } from './article-select';
import type { DigestForm } from './use-digest-form';

const RULES = [
  { value: 'pin', label: 'pinned first' },
  { value: 'priority', label: 'higher priority first' },
  { value: 'recency', label: 'newer first' },
];
const WHEN_EMPTY = [
  { value: 'skip', label: 'no mail' },
  { value: 'send', label: 'a text of your own' },
];
const DAYS = { suffix: ' days', hideControls: true, allowDecimal: false, allowNegative: false } as const;

/** Which articles a reader gets. */
export function ChoiceFields({ form }: { form: DigestForm }) {
  const articles = { min: 1, max: 100, allowDecimal: false };
  return (
    <Stack>
      <div className="beside">
        <NumberInput label="Articles, at least" {...articles} {...form.getInputProps('minArticles')} />
        <NumberInput label="At most" {...articles} {...form.getInputProps('maxArticles')} />
      </div>
      <MultiSelect
        label="Order"
        description="The rule chosen first outweighs the others."
        data={RULES}
        {...form.getInputProps('orderBy')}
      />
      <NumberInput
        label="Looks back"
        description="Older stories are not taken, not even for a new reader."
        {...DAYS}
        {...form.getInputProps('lookbackDays')}
      />
      <Switch
        label="A reader may get a story again"
        description="Off: never the same story twice, whatever digest or alert it came with."
        {...form.getInputProps('repeats', { type: 'checkbox' })}
      />
      {form.values.repeats && (
        <NumberInput label="After" {...DAYS} {...form.getInputProps('repeatAfterDays')} />
      )}
      <ArticleSelect
        label="Pinned"
        description="These come first, in this order."
        {...form.getInputProps('pinned')}
      />
      <ArticleSelect
        label="Excluded"
        description="It never takes these by itself."
        {...form.getInputProps('excluded')}
      />
      <NativeSelect
        label="A reader for whom nothing is new gets"
        data={WHEN_EMPTY}
        {...form.getInputProps('whenEmpty')}
      />
      {form.values.whenEmpty === 'send' && (
        <Textarea
          label="That text"
          description="Plain text."
          autosize
          minRows={3}
          {...form.getInputProps('emptyText')}
        />
      )}
    </Stack>
  );
}
