import { Alert, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refresh, useList } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Subscriber, Suppression } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { showTime } from '../ui/format';

const REASONS: Record<Suppression['reason'], string> = {
  complaint: 'the reader called a mail of yours spam',
  hard_bounce: 'mail servers said that the address is dead',
  operator: 'an operator said so',
  erasure: 'the reader was erased',
  import: 'an import said so',
};

/** Those whose proof is what came back. */
const PROVED: Suppression['reason'][] = ['complaint', 'hard_bounce'];

/** That an address is never mailed: why, since when, by which proof, and how that ends. */
export function SuppressionNotice({ subscriber }: { subscriber: Subscriber }) {
  const { rows } = useList('/suppressions', { subscriberId: subscriber.id }, { limit: 1 });
  const suppression = rows?.[0];
  const mayWrite = useMay('readers:write');
  return (
    <Alert
      color="orange"
      variant="light"
      mb="md"
      title="This address is suppressed: it gets no mail, whatever its state"
    >
      {suppression && (
        <>
          <p className="no-margin">
            Since {showTime(suppression.createdAt)}: {REASONS[suppression.reason]}.
            {suppression.note && ` “${suppression.note}”`}
            {PROVED.includes(suppression.reason) && ' What was said stands under “What came back”.'}
          </p>
          {mayWrite && <LiftButton suppression={suppression} email={subscriber.email} />}
        </>
      )}
    </Alert>
  );
}

function LiftButton({ suppression, email }: { suppression: Suppression; email: string }) {
  const [reason, setReason] = useState('');
  const lift = async () => {
    await api.DELETE('/suppressions/{id}', { ...at(suppression.id), body: { reason } });
    await refresh('/subscribers', '/suppressions');
  };
  return (
    <ConfirmButton
      label="Lift the suppression"
      title="Mail this address again?"
      yes="Lift it"
      act={lift}
      mt="sm"
      size="xs"
    >
      <Stack gap="xs">
        <span>
          {email} may be mailed again, and is active again if it bounced and the consent stands. If the
          address is dead, it is suppressed anew. After a complaint this is refused until the reader has
          signed up again.
        </span>
        <TextInput
          label="Why"
          description="It stands in the audit log."
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmButton>
  );
}
