import { NativeSelect, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { usePublication } from '../api/queries';
import { ZoneInput } from '../ui/zone-input';
import { WEEKDAYS } from './cron-presets';
import type { DigestForm } from './use-digest-form';

const RHYTHMS = [
  { value: 'never', label: 'only when an operator says so' },
  { value: 'daily', label: 'every day' },
  { value: 'weekdays', label: 'Monday to Friday' },
  { value: 'weekly', label: 'weekly on …' },
  { value: 'cron', label: 'by a cron of your own' },
];
const OTHERWISE = [
  { value: 'skip', label: 'it is not sent' },
  { value: 'send', label: 'it is sent all the same' },
];

/** When it goes out by itself. */
export function ScheduleFields({ form }: { form: DigestForm }) {
  const publication = usePublication();
  const { rhythm, schedule } = form.values;
  const isPreset = rhythm !== 'never' && rhythm !== 'cron';
  return (
    <Stack>
      <NativeSelect label="It goes out" data={RHYTHMS} {...form.getInputProps('rhythm')} />
      {isPreset && (
        <div className="beside">
          {rhythm === 'weekly' && (
            <NativeSelect
              label="Day"
              data={WEEKDAYS.map((label, index) => ({ value: String(index), label }))}
              {...form.getInputProps('weekday')}
            />
          )}
          <TextInput
            label="Time"
            type="time"
            {...form.getInputProps('time')}
            error={form.errors['schedule.cron']}
          />
        </div>
      )}
      {rhythm === 'cron' && (
        <TextInput
          label="Cron"
          description="Minute, hour, day of the month, month, day of the week."
          classNames={{ input: 'mono' }}
          {...form.getInputProps('schedule.cron')}
        />
      )}
      {rhythm !== 'never' && (
        <Switch
          label="At each reader’s local time"
          description="Seven in the morning wherever they are. Off: everybody’s at the same moment."
          {...form.getInputProps('schedule.readerLocal', { type: 'checkbox' })}
        />
      )}
      {rhythm !== 'never' && !schedule.readerLocal && (
        <ZoneInput
          description="Left empty: the publication’s."
          placeholder={publication.data?.timeZone}
          {...form.getInputProps('schedule.timeZone')}
        />
      )}
    </Stack>
  );
}

/** What is done about an edition before and after its time. */
export function ApprovalFields({ form }: { form: DigestForm }) {
  return (
    <Stack>
      <Switch
        label="Each edition needs an operator’s yes"
        description="It is drafted ahead, and owners and editors are asked by mail."
        {...form.getInputProps('needsApproval', { type: 'checkbox' })}
      />
      {form.values.needsApproval && (
        <div className="beside">
          <NumberInput
            label="Drafted before its time by"
            suffix=" minutes"
            hideControls
            allowDecimal={false}
            {...form.getInputProps('approval.minutes')}
          />
          <NativeSelect
            label="When nobody answers"
            data={OTHERWISE}
            {...form.getInputProps('approval.otherwise')}
          />
        </div>
      )}
      <NumberInput
        label="Sent late by at most"
        description="What was missed while nothing ran is sent late by so much. What is older waits for your word."
        suffix=" minutes"
        hideControls
        allowDecimal={false}
        {...form.getInputProps('lateLimitMinutes')}
      />
    </Stack>
  );
}
