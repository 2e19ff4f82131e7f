import { Button, Input, NumberInput, TextInput } from '@mantine/core';
import type { Amount } from '../ui/use-api-form';
import { EMPTY_RULE, type RuleValues } from './transport-values';

interface DomainRulesProps {
  value: RuleValues[];
  error?: string | undefined;
  onChange: (rules: RuleValues[]) => void;
}

const toAmount = (value: string | number): Amount => (value === '' ? '' : Number(value));

/** What each mailbox provider takes at once: a row for each. */
export function DomainRules({ value, error, onChange }: DomainRulesProps) {
  const change = (at: number, part: Partial<RuleValues>) =>
    onChange(value.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return (
    <fieldset className="rules" aria-invalid={error ? true : undefined} tabIndex={error ? -1 : undefined}>
      <legend>Limits for mailbox providers</legend>
      {value.map((rule, at) => (
        <div className="rule" key={at}>
          <TextInput
            className="rule-domains"
            label="Domains"
            placeholder="gmail.com googlemail.com"
            value={rule.domains}
            onChange={(event) => change(at, { domains: event.currentTarget.value })}
          />
          <NumberInput
            label="At once"
            hideControls
            allowDecimal={false}
            value={rule.connections}
            onChange={(typed) => change(at, { connections: toAmount(typed) })}
          />
          <NumberInput
            label="A second"
            hideControls
            allowDecimal={false}
            value={rule.perSecond}
            onChange={(typed) => change(at, { perSecond: toAmount(typed) })}
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
      <p className="quiet small">* stands for every other domain. The domains of a row share its limit.</p>
    </fieldset>
  );
}
