import type { Digest, Edition } from '../../api/types';

/** What to call an edition: its own subject, or the digest's name. */
export function titleOf(edition: Edition, digest: Digest | undefined): string {
  return edition.subject ?? digest?.name ?? edition.slug;
}
