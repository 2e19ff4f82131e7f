import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { DomainError } from '#kernel/errors/errors.js';
import type { EditionRow } from '../model/edition.repository.js';
import { changedFields, type DraftField, type EditionDraft } from './edition-draft.js';
import { VersionRepository, type VersionRow } from './version.repository.js';

/** Rows kept of an edition: with autosave in one row for two minutes of writing these are hours of it. */
export const MOST_VERSIONS = 100;
/** What one operator changes within so long is one row. */
export const ONE_GO_MS = 120_000;

/** Who changes a draft. */
export interface Author {
  /** Of the operator or key; null: the service. */
  id: string | null;
  name: string | null;
}

export const NOBODY: Author = { id: null, name: null };

/** Who changed what of a draft, and when. */
export interface Change {
  version: number;
  by: string | null;
  at: Date;
  fields: string[];
}

/** What editions were before their last changes, and whose these were. */
@Injectable()
export class DraftHistory {
  constructor(private readonly versions: VersionRepository) {}

  /**
   * Refuses a change to a draft that has been changed since its author looked at it.
   * @param seen the version they looked at; undefined: they do not say
   * @throws DomainError `conflict` with `version`, the one there is now, and `changes`, who changed what since, the latest first
   */
  async refuseStale(tx: Executor, row: EditionRow, seen: number | undefined): Promise<void> {
    if (seen === undefined || seen === row.version) return;
    const changes = (await this.versions.list(tx, row.id, MOST_VERSIONS, seen)).map(toChange);
    const [latest] = changes;
    const who = latest?.by ?? 'Somebody else';
    const what = latest && latest.fields.length > 0 ? ` (${latest.fields.join(', ')})` : '';
    throw new DomainError(
      'conflict',
      `${who} has changed this edition meanwhile${what}. Nothing of yours was kept.`,
      {
        extra: { version: row.version, changes },
      },
    );
  }

  /**
   * Notes a change, in its transaction.
   * @param before as it was; of the first change it is noted too
   * @returns the fields that were changed
   */
  async note(
    tx: Executor,
    before: { row: EditionRow; draft: EditionDraft },
    after: { version: number; draft: EditionDraft },
    author: Author,
    at: Date,
  ): Promise<DraftField[]> {
    const { row } = before;
    const fields = changedFields(before.draft, after.draft);
    const [last] = await this.versions.list(tx, row.id, 1);
    const base = last ?? (await this.begin(tx, row, before.draft));
    const own = { byId: author.id, byName: author.name, at, version: after.version, draft: after.draft };
    if (goesOn(base, author, at)) {
      const all = [...new Set([...base.fields, ...fields])];
      await this.versions.goOn(tx, base, { ...own, begunAt: base.begunAt, fields: all });
    } else {
      await this.versions.insert(tx, { ...own, editionId: row.id, begunAt: at, fields });
      await this.versions.prune(tx, row.id, MOST_VERSIONS);
    }
    return fields;
  }

  /** As it was before anybody changed it. */
  private async begin(tx: Executor, row: EditionRow, draft: EditionDraft): Promise<VersionRow> {
    const first: VersionRow = {
      editionId: row.id,
      version: row.version,
      byId: null,
      byName: null,
      begunAt: row.createdAt,
      at: row.createdAt,
      fields: [],
      draft,
    };
    await this.versions.insert(tx, first);
    return first;
  }
}

/** Whether an author's change belongs to what they began. The first row, of which nobody changed anything, stays as it is. */
function goesOn(base: VersionRow, { id }: Author, at: Date): boolean {
  return base.fields.length > 0 && base.byId === id && at.getTime() - base.begunAt.getTime() < ONE_GO_MS;
}

export function toChange({ version, byName, at, fields }: VersionRow): Change {
  return { version, by: byName, at, fields };
}
