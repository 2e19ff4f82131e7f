import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/request';

/** The id of a reader who is named by address or id; undefined: there is none of that address. */
async function idOf(reader: string): Promise<string | undefined> {
  if (!reader.includes('@')) return reader;
  const { data } = await answer(api.GET('/subscribers', { params: { query: { email: reader } } }));
  return data[0]?.id;
}

/** Why a reader gets what of an edition. Null: nobody has this address. @param reader empty: nobody is asked about */
export function useExplanation(editionId: string, reader: string) {
  return useQuery({
    queryKey: [`/editions/${editionId}/explain`, reader],
    enabled: reader !== '',
    retry: false,
    queryFn: async ({ signal }) => {
      const subscriberId = await idOf(reader);
      if (subscriberId === undefined) return null;
      const params = { path: { id: editionId }, query: { subscriberId } };
      return answer(api.GET('/editions/{id}/explain', { params, signal }));
    },
  });
}
