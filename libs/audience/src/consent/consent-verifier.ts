import { Injectable } from '@nestjs/common';
import { consentRowSha256, evidenceSha256, GENESIS_SHA256, SealHash } from './consent-hash.js';
import { ConsentSealRepository, type RowToCheck, type Seal } from './consent-seal.repository.js';
import { PublicationService } from '../publication/publication.service.js';
import { textSha256 } from '../publication/terms.repository.js';

const PAGE = 1000;
/** A broken ledger can have a problem per row; the first ones tell enough. */
const MAX_PROBLEMS = 1000;

export type ConsentProblemKind =
  | 'row-changed'
  | 'row-missing'
  | 'evidence-changed'
  | 'evidence-missing'
  | 'evidence-orphaned'
  | 'terms-changed'
  | 'seal-changed'
  | 'seal-missing'
  | 'chain-broken'
  | 'places-changed'
  | 'tail-missing'
  | 'head-differs';

export interface ConsentProblem {
  kind: ConsentProblemKind;
  /** Of the consent row, the seal or the terms version; a seal that is gone is named by its number. */
  id: string;
  message: string;
}

export interface ConsentVerification {
  ok: boolean;
  rows: number;
  seals: number;
  /** Rows no seal holds yet: the next tick seals them. Many of them mean that seals were removed. */
  unsealed: number;
  /** Rows whose evidence was erased with the person. */
  erasedEvidence: number;
  head: { number: number; sha256: string } | null;
  /** The first 1,000. */
  problems: ConsentProblem[];
}

/** Recomputes the whole ledger of consent: every row, every piece of evidence, every seal and the chain of seals. */
@Injectable()
export class ConsentVerifier {
  constructor(
    private readonly seals: ConsentSealRepository,
    private readonly publications: PublicationService,
  ) {}

  /**
   * Reads everything once, a page at a time; changes nothing.
   * @param options.expectHead a head noted earlier, outside this database. Only with it does the ledger show that its
   *   newest seals were cut off together with their rows.
   */
  async verify(
    options: { expectHead?: { number: number; sha256: string } } = {},
  ): Promise<ConsentVerification> {
    const { id: publicationId } = await this.publications.current();
    const found = new Findings();
    await this.checkTerms(publicationId, found);
    const last = await this.seals.last(publicationId);
    const seals = await this.checkSeals(publicationId, last?.number ?? 0, found);
    const sealedRows = found.rows;
    await this.checkRowsOutside(publicationId, last?.number ?? 0, found);
    await this.checkOrphans(found);
    if (options.expectHead) await this.checkHead(publicationId, options.expectHead, found);
    return {
      ok: found.problems.length === 0,
      rows: found.rows,
      seals,
      unsealed: found.rows - sealedRows,
      erasedEvidence: found.erasedEvidence,
      head: last ? { number: last.number, sha256: last.sha256 } : null,
      problems: found.problems,
    };
  }

  private async checkTerms(publicationId: string, found: Findings): Promise<void> {
    for (const terms of await this.seals.terms(publicationId)) {
      if (textSha256(terms.text) === terms.sha256) continue;
      found.add(
        'terms-changed',
        terms.id,
        `The text of the terms, version ${terms.version} (${terms.locale}), was changed.`,
      );
    }
  }

  private async checkSeals(publicationId: string, upto: number, found: Findings): Promise<number> {
    let seals = 0;
    let before: Pick<Seal, 'number' | 'sha256'> = { number: 0, sha256: GENESIS_SHA256 };
    // From before the first number there can be, to find a seal that was hidden by numbering it 0 or less.
    for (let after = -(2 ** 31), more = true; more;) {
      const page = await this.seals.seals(publicationId, after, PAGE);
      for (const seal of page.filter(({ number }) => number <= upto)) {
        checkLink(before, seal, found);
        await this.checkSeal(seal, found);
        if (seal.number > 0) before = seal;
        seals += 1;
      }
      after = page.at(-1)?.number ?? upto;
      more = page.length === PAGE && after < upto;
    }
    return seals;
  }

  private async checkSeal(seal: Seal, found: Findings): Promise<void> {
    const hash = new SealHash(seal);
    let places = 0;
    let lost = 0;
    let inOrder = true;
    for (let position = -(2 ** 31), more = true; more;) {
      const page = await this.seals.sealedRows(seal.id, position, PAGE);
      for (const item of page) {
        places += 1;
        position = item.position;
        if (position !== places) inOrder = false;
        if (item.check) {
          found.check(item.check);
          hash.add(item.consentId, item.check.row.rowSha256);
        } else {
          lost += 1;
          found.add('row-missing', item.consentId, `Row ${position} of seal ${seal.number} is gone.`);
        }
      }
      more = page.length === PAGE;
    }
    if (places !== seal.rowCount || !inOrder) {
      found.add(
        'places-changed',
        seal.id,
        `Seal ${seal.number} was made over ${seal.rowCount} rows; ${places} places are there${inOrder ? '' : ', out of order'}.`,
      );
    } else if (lost === 0 && hash.digest() !== seal.sha256) {
      // With a row gone the hash cannot be made again; that row has been named.
      found.add('seal-changed', seal.id, `Seal ${seal.number} does not match its rows.`);
    }
  }

  private async checkRowsOutside(publicationId: string, upto: number, found: Findings): Promise<void> {
    for (let after: string | undefined; ;) {
      const page = await this.seals.rowsOutside(publicationId, upto, after, PAGE);
      for (const item of page) found.check(item);
      after = page.at(-1)?.row.id;
      if (page.length < PAGE) return;
    }
  }

  private async checkOrphans(found: Findings): Promise<void> {
    for (const { sealId, rows } of await this.seals.orphanedPlaces()) {
      found.add('seal-missing', sealId, `A seal over ${rows} rows is gone.`);
    }
    for (const id of await this.seals.orphanedEvidence(MAX_PROBLEMS)) {
      found.add('evidence-orphaned', id, 'There is evidence for a consent row that is gone.');
    }
  }

  private async checkHead(
    publicationId: string,
    expected: { number: number; sha256: string },
    found: Findings,
  ): Promise<void> {
    const [seal] = await this.seals.seals(publicationId, expected.number - 1, 1);
    if (seal?.number !== expected.number) {
      found.add('tail-missing', String(expected.number), `Seal ${expected.number} was there and is gone.`);
    } else if (seal.sha256 !== expected.sha256) {
      found.add('head-differs', seal.id, `Seal ${seal.number} is not the one that was noted.`);
    }
  }
}

/** Whether a seal follows from the one before it. */
function checkLink(before: Pick<Seal, 'number' | 'sha256'>, seal: Seal, found: Findings): void {
  for (let number = before.number + 1; number < seal.number && !found.full; number++) {
    found.add('seal-missing', String(number), `Seal ${number} is gone.`);
  }
  const follows = seal.previousSha256 === before.sha256;
  if (seal.number < 1 || (seal.number === before.number + 1 && !follows)) {
    found.add('chain-broken', seal.id, `Seal ${seal.number} does not follow from the seal before it.`);
  }
}

/** What a verification has found so far. */
class Findings {
  readonly problems: ConsentProblem[] = [];
  rows = 0;
  erasedEvidence = 0;

  get full(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  add(kind: ConsentProblemKind, id: string, message: string): void {
    if (!this.full) this.problems.push({ kind, id, message });
  }

  check({ row, evidence, termsSha256, known }: RowToCheck): void {
    this.rows += 1;
    if (consentRowSha256(row) !== row.rowSha256) {
      this.add('row-changed', row.id, 'The row does not match its hash.');
    }
    if (row.termsVersionId !== null && termsSha256 !== row.termsSha256) {
      this.add('terms-changed', row.id, 'The terms agreed to are not those the row was written with.');
    }
    if (evidence) {
      if (evidenceSha256(evidence) !== row.evidenceSha256) {
        this.add('evidence-changed', row.id, 'The evidence does not match its hash.');
      }
    } else if (row.evidenceSha256 !== null) {
      if (known)
        this.add('evidence-missing', row.id, 'The evidence is gone though the person was not erased.');
      else this.erasedEvidence += 1;
    }
  }
}
