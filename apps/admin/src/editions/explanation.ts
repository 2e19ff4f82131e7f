import { useQuery } from '@tanstack/react-query';
import { withQuery } from '../api/queries';
import { api } from '../api/request';
import type { Page, Subscriber } from '../api/types';

/** What became or will become of an article for a reader. */
export interface ArticleVerdict {
  id: string;
  title: string;
  /** `sent`, `would_send`, `had_before`, `embargoed` … */
  verdict: string;
  reason: string;
  /** The earlier edition that the reason is about. */
  edition: { id: string; slug: string } | null;
}

export interface Explanation {
  subscriberId: string;
  /** Null: none is frozen for the reader. */
  wave: number | null;
  /** It is told what happened; else what would. */
  frozen: boolean;
  /** A mail to the reader was accepted, or may have been. */
  sent: boolean;
  reader: {
    /** They get a mail. */
    due: boolean;
    /** For the operator. */
    reason: string;
    /** The first day on which it may be otherwise. */
    next: string | null;
  };
  articles: ArticleVerdict[];
}

/** The id of a reader who is named by address or id; undefined: there is none of that address. */
async function idOf(reader: string): Promise<string | undefined> {
  if (!reader.includes('@')) return reader;
  const { data } = await api.get<Page<Subscriber>>(withQuery('/subscribers', { email: reader }));
  return data[0]?.id;
}

/** Why a reader gets what of an edition. Null: nobody has this address. @param reader empty: nobody is asked about */
export function useExplanation(editionId: string, reader: string) {
  return useQuery({
    queryKey: [`/editions/${editionId}/explain`, reader],
    enabled: reader !== '',
    retry: false,
    queryFn: async () => {
      const subscriberId = await idOf(reader);
      if (subscriberId === undefined) return null;
      return api.get<Explanation>(withQuery(`/editions/${editionId}/explain`, { subscriberId }));
    },
  });
}
