import { addressParser } from 'postal-mime';

const LOCAL = String.raw`(?:"[^"\n@]{1,64}"|[^\s<>"()[\]:;,@\\|]{1,128})`;
const DOMAIN = String.raw`(?:[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,252}[\p{L}\p{N}])?|\[[\d.]{7,15}\])`;
/** An address as it stands in running text: the source of an expression for short lines, with the flag `u`. */
export const ADDRESS = `${LOCAL}@${DOMAIN}`;
const LOCAL_BEFORE = new RegExp(`${LOCAL}$`, 'u');
const DOMAIN_AFTER = new RegExp(`^${DOMAIN}`, 'u');
const WHOLE = new RegExp(`^${ADDRESS}$`, 'u');
/** What quotes and labels leave before an address. */
const BEFORE = /^(?:mailto:|smtp=|['`*=|{/]+)/i;

/** Every address in a text, in its order, case kept. */
export function addressesIn(text: string, most = 50): string[] {
  const found: string[] = [];
  for (let at = text.indexOf('@'); at !== -1 && found.length < most; at = text.indexOf('@', at + 1)) {
    const local = LOCAL_BEFORE.exec(text.slice(Math.max(0, at - 130), at))?.[0].replace(BEFORE, '');
    const domain = local ? DOMAIN_AFTER.exec(text.slice(at + 1, at + 257))?.[0] : undefined;
    if (local && domain) found.push(`${local}@${domain}`);
  }
  return found;
}

/** The first address in a text; null: none. */
export function addressIn(text: string): string | null {
  return addressesIn(text, 1)[0] ?? null;
}

export function isAddress(text: string): boolean {
  return WHOLE.test(text);
}

/** The addresses of a field such as `To` (RFC 5322 §3.4), case kept. */
export function mailboxes(field: string): string[] {
  if (!field.includes('@')) return [];
  const text = field.slice(0, 20_000);
  try {
    const parsed = addressParser(text, { flatten: true }).map(({ address }) => address ?? '');
    const found = parsed.filter(isAddress);
    return found.length > 0 ? found : addressesIn(text);
  } catch {
    return addressesIn(text);
  }
}
