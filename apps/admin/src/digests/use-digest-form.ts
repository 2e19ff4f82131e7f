import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { Digest } from '../api/types';
import { navigate } from '../router/router';
import { useApiForm } from '../ui/use-api-form';
import { bodyOf, valuesOf } from './digest-values';

export type DigestForm = ReturnType<typeof useDigestForm>;

/** The state of the form. @param digest none: a new one */
export function useDigestForm(digest?: Digest) {
  return useApiForm({
    initial: valuesOf(digest),
    send: (values) => {
      const body = bodyOf(values);
      return digest
        ? answer(api.PATCH('/digests/{id}', { ...at(digest.id), body }))
        : answer(api.POST('/digests', { body }));
    },
    done: async (saved) => {
      if (!digest) navigate(`/digests/${saved.id}`);
      await refresh('/digests', '/calendar', '/slots');
    },
  });
}
