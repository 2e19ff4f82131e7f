import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { pageQuery, toPage, type Page } from '#kernel/input/page.js';
import { AuditRepository, type AuditFilter } from './audit.repository.js';

const DAY_MS = 86_400_000;
/** Rows that an export holds in memory. */
const ROWS_AT_ONCE = 500;
const COLUMNS = ['at', 'actorId', 'actorName', 'action', 'subjectType', 'subjectId', 'client', 'detail'];

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const filters = {
  actor: z.string().min(1).max(320).optional().describe('Id of an operator or key, or its name then.'),
  action: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('How it begins: `sign-in`, `DELETE /api/v1/subscribers`.'),
  subject: z.string().min(1).max(200).optional().describe('Id of what it was done to.'),
  from: instant.optional().describe('RFC 3339: from then on.'),
  to: instant.optional().describe('RFC 3339: before then.'),
};

/** `GET /audit`. */
export const auditQuery = pageQuery.extend(filters);
export type AuditQuery = z.output<typeof auditQuery>;
/** `GET /audit/export`. */
export const auditExportQuery = z.strictObject(filters);
export type AuditExportQuery = z.output<typeof auditExportQuery>;

export type AuditView = Awaited<ReturnType<AuditRepository['page']>>[number];

/** The audit, to be read. */
@Injectable()
export class AuditService {
  constructor(
    private readonly database: Database,
    private readonly entries: AuditRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async list(publicationId: string, { limit, cursor, ...filter }: AuditQuery): Promise<Page<AuditView>> {
    return toPage(await this.entries.page(this.database.db, publicationId, filter, limit + 1, cursor), limit);
  }

  /** The same as CSV, in pieces, however long it is. */
  async *exportCsv(publicationId: string, filter: AuditFilter): AsyncGenerator<string> {
    yield stringify([COLUMNS]);
    let before: string | undefined;
    do {
      const rows = await this.entries.page(this.database.db, publicationId, filter, ROWS_AT_ONCE, before);
      if (rows.length > 0) {
        yield stringify(
          rows.map(({ at, detail, ...row }) => [
            at.toISOString(),
            row.actorId,
            cell(row.actorName ?? ''),
            row.action,
            row.subjectType,
            cell(row.subjectId ?? ''),
            row.client,
            detail ? JSON.stringify(detail) : '',
          ]),
        );
      }
      before = rows.length === ROWS_AT_ONCE ? rows.at(-1)?.id : undefined;
    } while (before);
  }

  /** Addresses go after so many days. */
  async forgetOrigins(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - this.config.auditAddressDays * DAY_MS);
    await this.entries.forgetOrigins(this.database.db, before);
  }
}

/** A table calculator runs what begins like a formula. */
function cell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
