import { Stack } from '@mantine/core';
import { refresh } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { Transport } from '../api/types';
import { navigate } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { useApiForm } from '../ui/use-api-form';
import { ConnectionFields } from './connection-fields';
import { PaceFields } from './pace-fields';
import { bodyOf, valuesOf } from './transport-values';

const SECRETS = ['password', 'clientSecret', 'refreshToken'] as const;

export type TransportForm = ReturnType<typeof useTransportForm>;

function useTransportForm(transport?: Transport) {
  const isEnvironments = transport?.origin === 'environment';
  const form = useApiForm({
    initial: valuesOf(transport),
    send: (values) => {
      const body = bodyOf(values, isEnvironments);
      return transport
        ? api.patch<Transport>(`/transports/${transport.id}`, body)
        : api.post<Transport>('/transports', body);
    },
    done: async (saved) => {
      if (!transport) navigate(`/transports/${saved.id}`);
      for (const name of SECRETS) form.setFieldValue(`auth.${name}`, ''); // they have gone out
      await refresh('/transports');
    },
  });
  return form;
}

/** Makes or changes a transport. */
export function TransportFields({ transport }: { transport?: Transport }) {
  const form = useTransportForm(transport);
  const isOwner = useMay('owner');
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
