import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { Transport } from '../api/types';
import { navigate } from '../router/router';
import { useApiForm } from '../ui/use-api-form';
import { bodyOf, paceOf, valuesOf } from './transport-values';

const SECRETS = ['password', 'clientSecret', 'refreshToken'] as const;

export type TransportForm = ReturnType<typeof useTransportForm>;

/** The state of the form. @param transport none: a new one */
export function useTransportForm(transport?: Transport) {
  const form = useApiForm({
    initial: valuesOf(transport),
    send: (values) => {
      if (!transport) return answer(api.POST('/transports', { body: bodyOf(values) }));
      const body = transport.origin === 'environment' ? paceOf(values) : bodyOf(values);
      return answer(api.PATCH('/transports/{id}', { ...at(transport.id), body }));
    },
    done: async (saved) => {
      if (!transport) navigate(`/transports/${saved.id}`);
      for (const name of SECRETS) form.setFieldValue(`auth.${name}`, ''); // they have gone out
      await refresh('/transports');
    },
  });
  return form;
}
