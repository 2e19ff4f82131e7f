import { Checkbox, NativeSelect, Radio, Stack } from '@mantine/core';
import { useDigests } from '../api/queries';
import type { ImportSettings } from './words';

interface SettingsFieldsProps {
  settings: ImportSettings;
  change: (settings: ImportSettings) => void;
}

const EVERYBODY = [
  { value: '', label: 'What their line says; else subscribed' },
  { value: 'unsubscribed', label: 'All of them unsubscribed' },
  { value: 'bounced', label: 'Mail to all of them bounced' },
  { value: 'absent', label: 'None of them had subscribed' },
];

/** What becomes of those who left there, or never confirmed; and what the others get. */
export function SettingsFields({ settings, change }: SettingsFieldsProps) {
  const digests = useDigests();
  const set = (some: Partial<ImportSettings>) => change({ ...settings, ...some });
  return (
    <Stack className="narrow">
      <NativeSelect
        label="Who is in this file"
        data={EVERYBODY}
        value={settings.everybody ?? ''}
        onChange={(event) =>
          set({ everybody: (event.currentTarget.value || null) as ImportSettings['everybody'] })
        }
      />
      <Radio.Group
        label="Who unsubscribed, bounced or complained there"
        description="None of them is subscribed, whichever you choose."
        value={settings.gone}
        onChange={(gone) => set({ gone: gone })}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="suppress"
            label="Suppress the address: it is never mailed, and nothing else is kept"
          />
          <Radio value="keep" label="Keep them as unsubscribed: they can sign up again themselves" />
          <Radio value="skip" label="Leave them out" />
        </Stack>
      </Radio.Group>
      <Radio.Group
        label="Who never confirmed there"
        value={settings.unconfirmed}
        onChange={(unconfirmed) => set({ unconfirmed: unconfirmed })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="skip" label="Leave them out" />
          <Radio value="ask" label="Ask them: they get a mail and confirm it with one click" />
        </Stack>
      </Radio.Group>
      <Checkbox
        label="Ask everybody new to confirm by mail"
        checked={settings.confirm}
        onChange={(event) => set({ confirm: event.currentTarget.checked })}
      />
      {digests.data && digests.data.length > 0 && (
        <Checkbox.Group
          label="Digests"
          description="Of those whose line names none. Nothing ticked: the default digests."
          value={settings.digests}
          onChange={(chosen) => set({ digests: chosen })}
        >
          <Stack gap="xs" mt="xs">
            {digests.data.map(({ id, name }) => (
              <Checkbox key={id} value={id} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </Stack>
  );
}
