import { readUrl } from '#kernel/input/read-url.js';
import { isNearBy } from './dns/near-by.js';
import type { Check, DeliverabilitySubject } from './check.js';

/** Gets a URL, without cookies. `url`: where it ended, after redirects. Rejects when there was no answer. */
export type Reach = (url: string) => Promise<{ status: number; url: string }>;

/** The certificate is at fault, not the way: codes of OpenSSL and Node. */
const CERTIFICATE_CODE = /CERT|SIGNATURE|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH/;

/**
 * Whether the one-click link of `List-Unsubscribe` is one that mailbox providers follow (RFC 8058 §3.1): https, and answered
 * without a redirect to elsewhere.
 */
export async function checkUnsubscribe(
  { baseUrl, listUnsubscribeUrl }: Pick<DeliverabilitySubject, 'baseUrl' | 'listUnsubscribeUrl'>,
  reach: Reach | null,
): Promise<Check> {
  const url = readUrl(listUnsubscribeUrl ?? baseUrl);
  const line = {
    check: 'list_unsubscribe',
    about: url?.host ?? baseUrl,
    publish: `BASE_URL=https://${hostFor(url)}`,
  } as const;
  if (url?.protocol !== 'https:') {
    return {
      ...line,
      state: 'fail',
      found: url ? `${url.origin}, which is not https` : `${baseUrl}, which is no URL`,
      why: 'One-click unsubscribe only counts over https, and Gmail and Yahoo ask it of bulk senders.',
    };
  }
  if (!reach || listUnsubscribeUrl === null) {
    return { ...line, state: 'unknown', found: url.origin, why: 'The link was not tried.' };
  }
  try {
    return { ...line, ...judge(url, await reach(listUnsubscribeUrl)) };
  } catch (error) {
    const code = codeOf(error);
    return CERTIFICATE_CODE.test(code)
      ? {
          ...line,
          state: 'fail',
          found: `${url.origin}: ${code}`,
          why: 'The certificate of the site is not valid, so no provider follows the link.',
        }
      : {
          ...line,
          state: 'unknown',
          found: `${url.origin}: no answer (${code})`,
          why: 'The site did not answer us; whether others reach it cannot be seen from here.',
        };
  }
}

/** The port of http is none for https. */
function hostFor(url: URL | null): string {
  if (!url || isNearBy(url.hostname)) return 'news.example.org';
  return url.protocol === 'https:' ? url.host : url.hostname;
}

function judge(url: URL, answer: { status: number; url: string }): Pick<Check, 'state' | 'found' | 'why'> {
  const end = readUrl(answer.url);
  const found = `${url.origin}: ${answer.status}${end && end.origin !== url.origin ? `, redirected to ${end.origin}` : ''}`;
  if (end && end.origin !== url.origin) {
    return { state: 'fail', found, why: 'The link leads to another host, and providers follow no redirect.' };
  }
  return answer.status === 200
    ? { state: 'ok', found, why: 'The link is answered over https.' }
    : { state: 'fail', found, why: 'The link is not answered with 200, so providers take it for broken.' };
}

/** Without the words: they may hold the link, and it a token. */
function codeOf(error: unknown): string {
  const code = (one: unknown) => (one as { code?: unknown } | null | undefined)?.code;
  const cause = error instanceof Error ? error.cause : undefined;
  const said = code(cause) ?? code(error);
  return typeof said === 'string' ? said : 'unknown';
}
