import { Group } from '@mantine/core';
import { refresh, useDigests, useWaitingSlots } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Slot } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { Section } from '../ui/page-head';
import { Row } from '../ui/rows';
import { spokenTime } from './slot-time';

/** What was missed and waits for an operator; nothing when nothing does. @param digestId none: of every digest */
export function HeldSlots({ digestId }: { digestId?: string }) {
  const { data } = useWaitingSlots('held');
  const held = data?.filter((slot) => digestId === undefined || slot.digestId === digestId) ?? [];
  if (held.length === 0) return null;
  return (
    <Section title="Missed: send or skip?">
      <ul className="rows">
        {held.map((slot) => (
          <HeldRow key={slot.id} slot={slot} />
        ))}
      </ul>
    </Section>
  );
}

function HeldRow({ slot }: { slot: Slot }) {
  const { data: digests } = useDigests();
  const mayWrite = useMay('editions:send');
  const name = digests?.find(({ id }) => id === slot.digestId)?.name ?? 'A digest';
  return (
    <Row
      title={name}
      to={`/digests/${slot.digestId}`}
      meta={`It was due on ${spokenTime(slot)}. ${slot.reason ?? ''}`}
    >
      {mayWrite && (
        <Group gap="xs">
          <ConfirmButton
            size="xs"
            label="Skip"
            title="Skip this edition?"
            yes="Skip it"
            act={() => decide(slot, 'skip')}
          >
            “{name}” of {spokenTime(slot)} is not sent. Its articles stay new for the next one.
          </ConfirmButton>
          <ConfirmButton
            size="xs"
            variant="filled"
            label="Send"
            title="Send it now?"
            yes="Send it now"
            act={() => decide(slot, 'send')}
          >
            “{name}” of {spokenTime(slot)} goes out now, with the articles there are now. Readers whose own
            hour is still to come get it then.
          </ConfirmButton>
        </Group>
      )}
    </Row>
  );
}

async function decide(slot: Slot, what: 'send' | 'skip'): Promise<void> {
  await api.POST(`/slots/{id}/${what}`, at(slot.id));
  await refresh('/slots', '/calendar', '/editions', '/digests');
}
