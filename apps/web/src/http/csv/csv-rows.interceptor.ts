import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { guardCell } from '#audience/operator/csv-cell.js';
import { prefersCsv } from './prefers-csv.js';

/** An answer in rows: what stands in `total` is counted in each of them too. */
export interface Rows {
  data: readonly Record<string, unknown>[];
  total: Record<string, unknown>;
}

/**
 * Writes an answer in rows as CSV (RFC 4180) where the caller wants it: by `?format=csv`, or by `Accept`. The rows only: a total among
 * them would be added up once more. Words of others are guarded as an export's are.
 */
@Injectable()
export class CsvRowsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest<{ Querystring: { format?: string; by?: string } }>>();
    const reply = http.getResponse<FastifyReply>();
    const { format, by } = request.query;
    const asCsv = format === undefined ? prefersCsv(request.headers.accept ?? '') : format === 'csv';
    reply.header('Vary', 'Accept');
    if (!asCsv) return next.handle();
    const first = by === 'hour' || by === 'day' ? 'at' : 'key';
    return next.handle().pipe(
      map((body) => {
        reply.type('text/csv; charset=utf-8');
        reply.header('Content-Disposition', `attachment; filename="${nameOf(request)}.csv"`);
        return csvOf(body as Rows, first);
      }),
    );
  }
}

/** @param first the column that there is without any row */
export function csvOf({ data, total }: Rows, first: string): string {
  const rows = data.map(flat);
  const counts = Object.keys(flat(total));
  const others = Object.keys(rows[0] ?? { [first]: '' }).filter((name) => !counts.includes(name));
  const columns = [...others, ...counts];
  const lines = rows.map((row) => columns.map((name) => cell(row[name])));
  return stringify([columns, ...lines], { record_delimiter: 'windows' });
}

const cell = (value: unknown) =>
  typeof value === 'number' ? String(value) : typeof value === 'string' ? guardCell(value) : '';

/** `{clicks: {people: 1}}` as `{clicksPeople: 1}`. */
function flat(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, one]) => [
            `${name}${inner.charAt(0).toUpperCase()}${inner.slice(1)}`,
            one as unknown,
          ])
        : [[name, value]],
    ),
  );
}

/** `/api/v1/stats/editions/:id` → `stats-editions`. */
const nameOf = ({ routeOptions }: FastifyRequest) =>
  (routeOptions.url ?? '')
    .split('/')
    .slice(3, 5)
    .join('-')
    .replaceAll(/[^\w-]/g, '');
