import type { Publication } from '#audience/publication/publication.service.js';
import { invalidField } from '#kernel/errors/errors.js';
import type { DigestRow } from '../model/digest.repository.js';
import type { DigestPatch } from '../model/digest.schemas.js';
import { parseCron } from '../schedule/cron.js';
import { isZone } from '../schedule/zone-time.js';
import { scheduleOf, startOf } from '../model/digest-schedule.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import { renderSubject, sampleArticles } from '../content/subject.js';

/** The columns that a schedule and an approval of the input are kept in. */
export function columnsOf(patch: Pick<DigestPatch, 'schedule' | 'approval'>): Partial<DigestRow> {
  const { schedule, approval } = patch;
  return {
    ...(schedule === undefined
      ? {}
      : {
          cron: schedule?.cron.trim() ?? null,
          timeZone: schedule?.timeZone ?? null,
          readerLocal: schedule?.readerLocal ?? false,
        }),
    ...(approval === undefined
      ? {}
      : { approvalMinutes: approval?.minutes ?? null, withoutApproval: approval?.otherwise ?? 'skip' }),
  };
}

/**
 * What no single field can tell, and what can only be told by trying it.
 * @throws DomainError `invalid_input` naming the field
 */
export async function checkDigest(
  row: DigestRow,
  publication: Publication,
  renderer: Renderer,
): Promise<void> {
  if (row.minArticles > row.maxArticles) {
    throw invalidField(
      'minArticles',
      'too_big',
      `The minimum (${row.minArticles}) is over the maximum (${row.maxArticles}).`,
    );
  }
  checkSchedule(row);
  checkEmptyText(row);
  checkChoices(row);
  await renderSubject(renderer, row.subject, row.name, publication, sampleArticles(row.maxArticles));
}

/** Whether it goes out at other times than before. */
export function isRescheduled(before: DigestRow, after: DigestRow): boolean {
  return (
    before.cron !== after.cron ||
    before.timeZone !== after.timeZone ||
    before.readerLocal !== after.readerLocal
  );
}

/** The cursor of a schedule that is set now: nothing before now was missed. */
export function firstCursor(row: DigestRow, publication: Publication, now: Date): Date | null {
  const schedule = scheduleOf(row, publication.timeZone);
  return schedule && startOf(schedule, now);
}

function checkSchedule({ cron, timeZone }: DigestRow): void {
  if (timeZone !== null && !isZone(timeZone)) {
    throw invalidField(
      'schedule.timeZone',
      'unknown_zone',
      `There is no time zone “${timeZone}”; give an IANA name such as Europe/Lisbon, or UTC.`,
    );
  }
  if (cron !== null) parseCron(cron);
}

function checkEmptyText({ whenEmpty, emptyText }: DigestRow): void {
  if (whenEmpty === 'skip' || emptyText) return;
  throw invalidField('emptyText', 'required', 'Say what a reader is to get when nothing is new for them.');
}

function checkChoices({ pinned, excluded }: DigestRow): void {
  const index = excluded.findIndex((id) => pinned.includes(id));
  if (index < 0) return;
  throw invalidField(`excluded.${index}`, 'pinned', 'This article is pinned; take it out of one of the two.');
}
