import { createHash } from 'node:crypto';

const CR = 0x0d;
const LF = 0x0a;
const CRLF = '\r\n';

/**
 * Header fields by lower-case name, each as often as it occurs, in order, with its name and without the line end.
 * @param block lines ended with CRLF, one character per octet (latin1)
 */
export function headerFields(block: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const field of block.split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    if (colon < 1) continue;
    const name = field.slice(0, colon).trimEnd().toLowerCase();
    const same = fields.get(name);
    if (same) same.push(field);
    else fields.set(name, [field]);
  }
  return fields;
}

/** A header field in its `relaxed` form (RFC 6376 §3.4.2), without the line end. */
export function relaxedField(name: string, field: string): string {
  const value = field
    .slice(field.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return `${name}:${value.replace(/^ | $/g, '')}`;
}

/**
 * SHA-256 of a body in its `simple` form (RFC 6376 §3.4.3): as it is, but with exactly one line end after its last line
 * that is not empty. A body of nothing is one line end.
 * @param body in wire form; its buffers are read where they are, not copied
 * @returns the hash in base64, as `bh=` wants it
 */
export function hashSimpleBody(body: readonly Buffer[]): string {
  const hash = createHash('sha256');
  let held = ''; // line ends that may turn out to be the body's last
  for (const chunk of body) {
    let end = chunk.length;
    while (end > 0 && (chunk[end - 1] === LF || chunk[end - 1] === CR)) end -= 1;
    if (end > 0) {
      if (held) hash.update(held, 'latin1');
      held = '';
      hash.update(end === chunk.length ? chunk : chunk.subarray(0, end));
    }
    if (end < chunk.length) held += chunk.toString('latin1', end);
  }
  let kept = held.length;
  while (held.slice(0, kept).endsWith(CRLF)) kept -= CRLF.length;
  return hash.update(held.slice(0, kept) + CRLF, 'latin1').digest('base64');
}
