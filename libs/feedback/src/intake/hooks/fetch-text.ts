import { Injectable } from '@nestjs/common';

/** A certificate or the answer to a confirmation comes at once, or the provider sends its message again. */
const TIME_MS = 5_000;
/** A chain of certificates is 8 kB. */
const MAX_BYTES = 65_536;

/**
 * Fetches a small text, without redirects.
 * @param url of a host that was proved to be a provider's: nothing here guards against other hosts
 * @throws when it is not there within 5 s, is longer than 64 kB, or the answer is no success
 */
export async function fetchText(url: string, timeMs = TIME_MS): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeMs) });
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BYTES || !response.ok) break;
    chunks.push(chunk);
  }
  if (!response.ok) throw new Error(`The answer was ${response.status}.`);
  if (length > MAX_BYTES) throw new Error(`The answer is longer than ${MAX_BYTES} bytes.`);
  return Buffer.concat(chunks).toString();
}

/** Where providers' certificates and confirmations come from. */
@Injectable()
export class ProviderSite {
  /** See {@link fetchText}. */
  text(url: string): Promise<string> {
    return fetchText(url);
  }
}
