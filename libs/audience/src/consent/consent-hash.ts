import { createHash } from 'node:crypto';
import type { consent, consentEvidence } from '#database/schema/index.js';

export type ConsentRow = typeof consent.$inferSelect;
export type EvidenceRow = typeof consentEvidence.$inferSelect;

/** What stands before the first seal. */
export const GENESIS_SHA256 = '0'.repeat(64);

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * JSON that is the same for the same values: keys sorted, no white space, instants as ISO 8601 UTC in milliseconds,
 * bytes as lower-case hex, undefined as null.
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('hex'));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The hash of a consent row: of every column but the hash itself. */
export function consentRowSha256(row: Omit<ConsentRow, 'rowSha256'>): string {
  const {
    id,
    publicationId,
    subscriberId,
    kind,
    method,
    form,
    termsVersionId,
    termsSha256,
    sentence,
    purposes,
    locale,
    pageUrl,
    addressHmac,
    evidenceSha256,
    submittedAt,
    confirmedAt,
    createdAt,
  } = row;
  return sha256(
    canonicalJson({
      id,
      publicationId,
      subscriberId,
      kind,
      method,
      form,
      termsVersionId,
      termsSha256,
      sentence,
      purposes,
      locale,
      pageUrl,
      addressHmac,
      evidenceSha256,
      submittedAt,
      confirmedAt,
      createdAt,
    }),
  );
}

/** The hash of the evidence. Its salt keeps an erased address from being guessed back out of the hash. */
export function evidenceSha256(row: EvidenceRow): string {
  const { consentId, subscriberId, salt, address, ip, userAgent } = row;
  return sha256(canonicalJson({ consentId, subscriberId, salt, address, ip, userAgent }));
}

export interface SealHead {
  id: string;
  publicationId: string;
  number: number;
  previousSha256: string;
  createdAt: Date;
}

/** Hashes a seal row by row, so that a big one needs no memory. */
export class SealHash {
  private readonly hash = createHash('sha256');

  constructor(head: SealHead) {
    const { previousSha256, number, id, publicationId, createdAt } = head;
    this.hash.update(`${previousSha256}\n${number}\n${id}\n${publicationId}\n${createdAt.toISOString()}\n`);
  }

  /** Rows must be added in the order of their positions. */
  add(consentId: string, rowSha256: string): void {
    this.hash.update(`${consentId} ${rowSha256}\n`);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
