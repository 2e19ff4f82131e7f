import { serveTasks } from '#kernel/sandbox/serve-tasks.js';
import { keptReport, type KeptReport, type PackedReport } from '../reports/kept-report.js';
import { readReturnedMail } from './read-returned-mail.js';
import { understoodMail, type UnderstoodMail } from './understood-mail.js';

/** Reads what strangers sent. Served in a process of its own; called through `ReturnReader`. */
const tasks = {
  /** Several at once: a task costs as much on its way as one mail to be read. */
  read: async (raws: Uint8Array[]): Promise<UnderstoodMail[]> => {
    const read: UnderstoodMail[] = [];
    for (const raw of raws) read.push(understoodMail(await readReturnedMail(raw)));
    return read;
  },
  report: ({ kind, report }: { kind: KeptReport['kind']; report: PackedReport }): KeptReport =>
    keptReport(kind, report),
};
export type ReadingTasks = typeof tasks;

serveTasks(tasks);
