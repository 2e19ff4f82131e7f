import { refresh } from '../api/queries';
import { api } from '../api/request';
import type { Transport } from '../api/types';
import { navigate } from '../router/router';
import { useApiForm } from '../ui/use-api-form';
import { bodyOf, valuesOf } from './transport-values';

const SECRETS = ['password', 'clientSecret', 'refreshToken'] as const;

export type TransportForm = ReturnType<typeof useTransportForm>;

/** The state of the form. @param transport none: a new one */
export function useTransportForm(transport?: Transport) {
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
