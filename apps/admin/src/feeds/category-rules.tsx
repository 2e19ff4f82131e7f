import { Button, Input, NativeSelect, TextInput } from '@mantine/core';
import { useTopics } from '../api/queries';
import type { CategoryRule } from './feed-values';

interface CategoryRulesProps {
  value: CategoryRule[];
  error?: string | undefined;
  onChange: (rules: CategoryRule[]) => void;
}

const EMPTY_RULE: CategoryRule = { category: '', topic: '' };

/** Which topic a category of the feed stands for: a row for each. */
export function CategoryRules({ value, error, onChange }: CategoryRulesProps) {
  const topics = useTopics();
  const choices = [
    { value: '', label: 'no topic' },
    ...(topics.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const change = (at: number, part: Partial<CategoryRule>) =>
    onChange(value.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return (
    <Input.Wrapper
      label="Categories"
      description="A category with the name of a topic gives that topic by itself. Rules are for the others."
    >
      <fieldset className="rules" aria-invalid={error ? true : undefined} tabIndex={error ? -1 : undefined}>
        <legend>Rules for categories</legend>
        {value.map((rule, at) => (
          <div className="rule" key={at}>
            <TextInput
              className="rule-wide"
              label="Category of the feed"
              value={rule.category}
              onChange={(event) => change(at, { category: event.currentTarget.value })}
            />
            <NativeSelect
              className="rule-wide"
              label="Topic"
              data={choices}
              value={rule.topic}
              onChange={(event) => change(at, { topic: event.currentTarget.value })}
            />
            <Button
              variant="default"
              aria-label={`Remove rule ${at + 1}`}
              onClick={() => onChange(value.filter((_, index) => index !== at))}
            >
              Remove
            </Button>
          </div>
        ))}
        {error && <Input.Error role="alert">{error}</Input.Error>}
        <Button variant="default" size="xs" mt="xs" onClick={() => onChange([...value, EMPTY_RULE])}>
          Add a rule
        </Button>
      </fieldset>
    </Input.Wrapper>
  );
}
