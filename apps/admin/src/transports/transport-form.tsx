import { Stack } from '@mantine/core';
import { useMay } from '../api/session';
import type { Transport } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { ConnectionFields } from './connection-fields';
import { PaceFields } from './pace-fields';
import { useTransportForm } from './use-transport-form';

/** Makes or changes a transport. */
export function TransportFields({ transport }: { transport?: Transport }) {
  const form = useTransportForm(transport);
  const isOwner = useMay('transports:write');
  const isEnvironments = transport?.origin === 'environment';
  return (
    <form {...form.formProps} className="narrow">
      <Stack gap="xl">
        {isEnvironments ? (
          <p className="quiet" style={{ margin: 0 }}>
            Server, user and password come from SMTP_URL, the connections from SMTP_CONNECTIONS. Change them
            there and restart.
          </p>
        ) : (
          <ConnectionFields form={form} hasSecret={transport?.hasSecret ?? false} />
        )}
        <PaceFields form={form} ownConnections={!isEnvironments} />
        {isOwner && (
          <FormEnd form={form} label={transport ? 'Save' : 'Add the transport'} savedText="Saved." />
        )}
      </Stack>
    </form>
  );
}
