import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

export const SESSION_KEY = ['session'];

/** A session that ended while a page was open brings back the sign-in page. */
export function noticeEndOfSession(error: unknown): void {
  if (error instanceof Problem && error.status === 401) queryClient.setQueryData(SESSION_KEY, null);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndOfSession }),
  mutationCache: new MutationCache({ onError: noticeEndOfSession }),
  defaultOptions: {
    queries: {
      staleTime: 5_000, // going back and forth between two pages asks once
      retry: (count, error) =>
        count < 2 && !(error instanceof Problem && error.status > 0 && error.status < 500),
    },
  },
});
