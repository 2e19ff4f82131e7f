import { NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { DomainRules } from './domain-rules';
import type { TransportForm } from './use-transport-form';

const WHOLE = {
  hideControls: true,
  allowDecimal: false,
  allowNegative: false,
  thousandSeparator: ',',
} as const;

/** How much is sent by it, and how fast. */
export function PaceFields({ form, ownConnections }: { form: TransportForm; ownConnections: boolean }) {
  const { values } = form;
  return (
    <Stack>
      <Switch label="Use this transport" {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <div className="beside">
        <NumberInput label="Weight" {...WHOLE} {...form.getInputProps('weight')} />
        {ownConnections && (
          <NumberInput label="Connections" {...WHOLE} {...form.getInputProps('connections')} />
        )}
      </div>
      <p className="quiet small no-margin">
        The weight is its share of the mail; with 0 it is used only while no other is usable.
        {ownConnections && ' Connections are those of each worker; left empty, as SMTP_CONNECTIONS says.'}
      </p>
      <div className="beside">
        <NumberInput label="Messages a second" {...WHOLE} {...form.getInputProps('limits.perSecond')} />
        <NumberInput label="Messages an hour" {...WHOLE} {...form.getInputProps('limits.perHour')} />
        <NumberInput label="Messages a day" {...WHOLE} {...form.getInputProps('limits.perDay')} />
      </div>
      <p className="quiet small no-margin">
        At most, of all workers together. Left empty: no limit. Hours and days are UTC’s.
      </p>
      <Switch
        label="Warm it up"
        description="For a new address of the server: little on the first day, more each day."
        {...form.getInputProps('warmsUp', { type: 'checkbox' })}
      />
      {values.warmsUp && <WarmUp form={form} />}
      <Switch
        label="Own limits for mailbox providers"
        description="Otherwise the defaults for the big ones hold."
        {...form.getInputProps('hasRules', { type: 'checkbox' })}
      />
      {values.hasRules && <DomainRules value={values.domainRules} {...form.getInputProps('domainRules')} />}
    </Stack>
  );
}

function WarmUp({ form }: { form: TransportForm }) {
  return (
    <div className="beside">
      <NumberInput label="On the first day" {...WHOLE} {...form.getInputProps('warmUp.startPerDay')} />
      <NumberInput
        label="More each day"
        suffix=" %"
        hideControls
        allowNegative={false}
        {...form.getInputProps('warmUp.growthPercent')}
      />
      <NumberInput label="Up to" {...WHOLE} {...form.getInputProps('warmUp.ceilingPerDay')} />
      <TextInput label="First day" type="date" {...form.getInputProps('warmUp.startedOn')} />
    </div>
  );
}
