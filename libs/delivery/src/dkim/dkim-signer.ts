import { createHash, sign, type KeyObject } from 'node:crypto';
import { hashSimpleBody, headerFields, relaxedField } from './canonical.js';

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

/** What one signature is made with. */
export interface DkimKey {
  /** In ASCII: `example.org`. */
  domain: string;
  selector: string;
  algorithm: DkimAlgorithm;
  privateKey: KeyObject;
}

/** Signed when present (RFC 6376 §5.4.1; RFC 8058 §4 for the List-Unsubscribe two; RFC 9477 §3.1.4 for the CFBL two; Gmail wants Feedback-ID signed). */
const SIGNED = [
  'from',
  'reply-to',
  'to',
  'subject',
  'date',
  'message-id',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'mime-version',
  'content-type',
  'feedback-id',
  'precedence',
  'cfbl-address',
  'cfbl-feedback-id',
];
/** Named once more than they occur, so that adding one breaks the signature (RFC 6376 §8.15). */
const OVERSIGNED = new Set(['from', 'to', 'subject', 'date', 'list-unsubscribe', 'list-unsubscribe-post']);
/** The same where there is one: the first of several counts (RFC 9477 §3.2). Where there is none, a relay may add its own (§3.1.3). */
const ONLY_ONE = new Set(['cfbl-address', 'cfbl-feedback-id']);
/** Octets of a line of base64; with its name and its folding a line stays under 78 (RFC 5322 §2.1.1). */
const LINE = 72;
const LINES = new RegExp(`.{1,${LINE}}`, 'g');

/**
 * Signs messages (RFC 6376; RFC 8463 for Ed25519), one signature per key, `c=relaxed/simple`. See
 * docs/decisions/0015-dkim.md.
 */
export class DkimSigner {
  /** @param keys at most one per domain and selector */
  constructor(
    private readonly keys: readonly DkimKey[],
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Signs one message. The body is hashed once, whatever the number of keys.
   * @param headers the header block, every line ended with CRLF, without the empty line
   * @param body what follows the empty line, as it goes out but for dot-stuffing; not copied, not changed
   * @returns one `DKIM-Signature` field per key, folded, each ended with CRLF: to be put before the headers
   */
  sign(headers: Buffer, body: readonly Buffer[]): Buffer {
    if (this.keys.length === 0) return Buffer.alloc(0);
    const fields = headerFields(headers.toString('latin1'));
    const { names, canonical } = signedHeaders(fields);
    const tags = [`t=${this.signedAt(fields)};`, ...foldNames(names), `bh=${hashSimpleBody(body)};`, 'b='];
    return Buffer.from(this.keys.map((key) => signature(key, tags, canonical)).join(''), 'latin1');
  }

  /** Seconds: when the message says it was written, but never in the future, which verifiers may take for a forgery. */
  private signedAt(fields: Map<string, string[]>): number {
    const written = Date.parse(fields.get('date')?.[0]?.slice('date:'.length) ?? '');
    const now = this.now();
    return Math.floor((written <= now ? written : now) / 1000);
  }
}

/** @returns the names for `h=`, and the fields in the form that is hashed */
function signedHeaders(fields: Map<string, string[]>): { names: string[]; canonical: string } {
  const names: string[] = [];
  let canonical = '';
  for (const name of SIGNED) {
    const occurrences = fields.get(name) ?? [];
    // RFC 6376 §5.4.2: of several, the last one first.
    for (const field of [...occurrences].reverse()) {
      names.push(name);
      canonical += `${relaxedField(name, field)}\r\n`;
    }
    if (OVERSIGNED.has(name) || (occurrences.length > 0 && ONLY_ONE.has(name))) names.push(name);
  }
  return { names, canonical };
}

/** `h=a:b:c;` in lines. RFC 6376 §3.5 lets white space stand around the colons. */
function foldNames(names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = 'h=';
  names.forEach((name, at) => {
    const word = name + (at + 1 < names.length ? ':' : ';');
    if (line.length + word.length > LINE) {
      lines.push(line);
      line = '';
    }
    line += word;
  });
  return [...lines, line];
}

function signature({ domain, selector, algorithm, privateKey }: DkimKey, tags: string[], headers: string) {
  const lines = [`v=1; a=${algorithm}; c=relaxed/simple;`, `d=${domain}; s=${selector};`, ...tags];
  // Its own field is signed last, with an empty b= and without its line end (RFC 6376 §3.7).
  const input = Buffer.from(`${headers}dkim-signature:${lines.join(' ')}`, 'latin1');
  const value = signInput(algorithm, input, privateKey).toString('base64');
  return `DKIM-Signature: ${lines.join('\r\n ')}${foldBase64(value)}\r\n`;
}

function signInput(algorithm: DkimAlgorithm, input: Buffer, key: KeyObject): Buffer {
  if (algorithm === 'rsa-sha256') return sign('sha256', input, key);
  // RFC 8463 §3: Ed25519 signs the hash, not the text.
  return sign(null, createHash('sha256').update(input).digest(), key);
}

function foldBase64(value: string): string {
  return (value.match(LINES) ?? []).join('\r\n ');
}
