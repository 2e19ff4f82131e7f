import type { Check, CheckName } from './check.js';

/** A record that says something else than before. */
export interface ChangedFinding {
  check: CheckName;
  about: string;
  before: string;
  after: string;
}

/** Those whose `found` is a published record. */
const WATCHED: ReadonlySet<CheckName> = new Set(['spf', 'dkim', 'dmarc', 'mx']);

/**
 * Which SPF, DKIM, DMARC and MX records are published otherwise than before, whether that is better or worse. What is not known
 * on either side, and what was only asked on one (a key that is new), is no change.
 */
export function changedFindings(before: readonly Check[], after: readonly Check[]): ChangedFinding[] {
  const known = new Map(before.filter(isKnown).map((line) => [keyOf(line), line.found]));
  return after.filter(isKnown).flatMap((line) => {
    const found = known.get(keyOf(line));
    return found === undefined || found === line.found
      ? []
      : [{ check: line.check, about: line.about, before: found, after: line.found }];
  });
}

/** Whether nothing has changed that an alarm is raised for. */
export function sameFindings(before: readonly Check[], after: readonly Check[]): boolean {
  return changedFindings(before, after).length === 0;
}

/** Whether a line tells of a published record, and DNS answered. */
export const isKnown = ({ check, state }: Check) => WATCHED.has(check) && state !== 'unknown';
const keyOf = ({ check, about }: Check) => `${check} ${about}`;
