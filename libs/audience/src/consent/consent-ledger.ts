import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { ConsentKind } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { consentRowSha256, evidenceSha256, type ConsentRow, type EvidenceRow } from './consent-hash.js';
import { ConsentRepository } from './consent.repository.js';

const SALT_BYTES = 16;

/** One act of consent or withdrawal, as it is to be written down. */
export interface ConsentEntry {
  publicationId: string;
  subscriberId: string;
  kind: ConsentKind;
  /** How: form, json, api, import, confirmation-link, one-click, page, preferences, operator. */
  method: string;
  form?: string | null;
  terms?: { id: string; sha256: string } | null;
  /** The exact sentence the person saw; for `api` and `import` the operator's statement of how consent was given. */
  sentence?: string | null;
  purposes: string[];
  locale: string;
  pageUrl?: string | null;
  addressHmac: Buffer;
  submittedAt: Date;
  confirmedAt?: Date | null;
  /** Personal data behind the row; kept apart, so that it can be erased. */
  evidence?: { address: string; ip: string | null; userAgent: string | null } | null;
}

/** Writes the ledger of consent. Rows are hashed here, sealed later by the ConsentSealer. */
@Injectable()
export class ConsentLedger {
  constructor(
    private readonly consents: ConsentRepository,
    private readonly clock: Clock,
  ) {}

  /** Appends in the caller's transaction. Always two statements (one without evidence), whatever is written. */
  async append(tx: Executor, ...entries: ConsentEntry[]): Promise<void> {
    const now = this.clock.now();
    const made = entries.map((entry) => toRows(entry, now));
    await this.consents.insert(
      tx,
      made.map(({ row }) => row),
      made.flatMap(({ evidence }) => (evidence ? [evidence] : [])),
    );
  }
}

function toRows(entry: ConsentEntry, now: Date): { row: ConsentRow; evidence: EvidenceRow | null } {
  const id = newId();
  const evidence = entry.evidence
    ? {
        consentId: id,
        subscriberId: entry.subscriberId,
        salt: randomBytes(SALT_BYTES).toString('hex'),
        address: entry.evidence.address,
        ip: entry.evidence.ip,
        userAgent: entry.evidence.userAgent,
      }
    : null;
  const unhashed = {
    id,
    publicationId: entry.publicationId,
    subscriberId: entry.subscriberId,
    kind: entry.kind,
    method: entry.method,
    form: entry.form ?? null,
    termsVersionId: entry.terms?.id ?? null,
    termsSha256: entry.terms?.sha256 ?? null,
    sentence: entry.sentence ?? null,
    purposes: entry.purposes,
    locale: entry.locale,
    pageUrl: entry.pageUrl ?? null,
    addressHmac: entry.addressHmac,
    evidenceSha256: evidence ? evidenceSha256(evidence) : null,
    submittedAt: entry.submittedAt,
    confirmedAt: entry.confirmedAt ?? null,
    createdAt: now,
  };
  return { row: { ...unhashed, rowSha256: consentRowSha256(unhashed) }, evidence };
}
