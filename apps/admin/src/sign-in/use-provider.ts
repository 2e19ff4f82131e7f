import { useQuery } from '@tanstack/react-query';
import { get } from '../api/account-calls';

/** What the identity provider is called; undefined: there is none, or it is not known yet. */
export function useProvider(): string | undefined {
  const { data } = useQuery({
    queryKey: ['ways'],
    queryFn: () => get<{ oidc: string | null }>('/api/session/ways'),
  });
  return data?.oidc ?? undefined;
}
