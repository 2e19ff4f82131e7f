import type { ReturnedRecipient } from '../returned-mail.js';
import { addressIn } from '../mime/addresses.js';
import { MAX_RECIPIENTS, MAX_REPLY_CHARACTERS } from '../mime/limits.js';
import { recipientOnLine, type RecipientOnLine } from './recipient-lines.js';
import { replyParts, replyText, stageIn } from './reply-parts.js';

/** Words of a refusal, where no code is given. */
const REFUSAL =
  /unknown|not found|no such|does ?n[o']t (?:exist|have|like)|invalid|unrouteable|unroutable|not (?:listed|recogni[sz]ed|exist|a valid|known|accept|allowed|permitted)|quota|full|disabled|inactive|suspended|closed|no longer|rejected|refused|denied|blocked|timed? ?out|timeout|exceed|unable|failed|failure|error|could ?n[o']t|cannot|can't|too (?:large|big|many|long)|spam|virus|policy|unavailable|\b[45]\d\d\b|\b[45]\.\d{1,3}\.\d{1,3}\b/i;
/** Lines of what a server itself said. */
const SAID =
  /^\s*(?:<<<|>>>.{0,200}\b[45]\d\d\b)|said:|remote host said|the (?:response|error)[^\n]{0,60} was:|^\s*[45]\d\d[ -]|#[45]\d\d|diagnostic|^\s*reason|because|error message|reported error|status:/i;
/** An alias, as Exim, Postfix, sendmail and iPlanet note it: we wrote to that. */
const FORWARDED =
  /(?:\((?:ultimately )?(?:generated|expanded|forwarded) from:? {0,2}|original address: {0,8})<?([^\s<>)]{3,320})/i;
/** Lines that only frame. */
const FRAME = /^[\s\-=_*~#+|]*$/;
const MAX_LINES_OF_TEXT = 14;

/** A machine's name before the `@`: it sends reports and gets none. */
const MACHINE = /^(?:mailer-daemon|postmaster|mail-daemon|abuse|noreply|no-reply|mailerdaemon)@/i;

/**
 * Finds the recipients in the words of a report that has no fields for them.
 * @param report its lines, without what it returns
 * @param ours addresses that are the sender's or the server's: no recipients, unless there are no others
 */
export function readDialect(report: readonly string[], ours: ReadonlySet<string>): ReturnedRecipient[] {
  const named = report.map((line, at) => (isBySender(report, at) ? null : recipientOnLine(line)));
  const best = surest(
    named.flatMap((found, at) => (found && !MACHINE.test(found.address) ? [{ ...found, at }] : [])),
    ours,
  );
  const rank = best[0]?.rank ?? 0;
  const byAddress = new Map<string, string[]>();
  const taken = new Set<number>();
  for (const { address, at, words } of best) {
    if (byAddress.size >= MAX_RECIPIENTS) break;
    const key = address.toLowerCase();
    const block = blockBelow(report, named, at, rank);
    for (let n = at; n <= block.end; n++) taken.add(n);
    byAddress.set(key, [
      ...(byAddress.get(key) ?? []),
      own(report[at] ?? '', address, words),
      ...block.lines,
    ]);
  }
  // Of several, none is told what was said of another.
  const shared = evidence(byAddress.size > 1 ? report.filter((_, at) => !taken.has(at)) : report);
  const stage = byAddress.size === 1 ? stageIn(report.join('\n').slice(0, 8_000)) : null;
  return [...byAddress].map(([address, lines]) => {
    const text = lines.filter((line) => line !== '').join('\n');
    const its = recipientOf(address, REFUSAL.test(text) ? text : `${text}\n${shared}`, shared);
    return { ...its, stage: its.stage ?? stage };
  });
}

/** Whether the lines above end with words that tell a sender: `A message sent by`. */
function isBySender(report: readonly string[], at: number): boolean {
  const above = report[at - 1]?.trim() === '' ? report[at - 2] : report[at - 1];
  return (
    above !== undefined &&
    above.length < 200 &&
    /(?:sent by|sent from|message from|the sender)[ :]{0,3}$/i.test(above)
  );
}

/** Those of the highest rank who are not ours; one of ours only where a line can mean nothing else: we may write to ourselves. */
function surest<T extends RecipientOnLine>(named: readonly T[], ours: ReadonlySet<string>): T[] {
  const others = named.filter(({ address }) => !ours.has(address.toLowerCase()));
  const rank = Math.max(0, ...others.map((its) => its.rank));
  return rank > 0 ? others.filter((its) => its.rank === rank) : named.filter((its) => its.rank === 3);
}

/** Of a report that names nobody: its words alone. */
export function unnamedRecipient(report: readonly string[]): ReturnedRecipient {
  const shared = evidence(report);
  return recipientOf(null, shared === '' ? report.slice(0, MAX_LINES_OF_TEXT).join('\n') : shared, shared);
}

/** Whether the words speak of a refusal. */
export function isRefusal(text: string): boolean {
  return REFUSAL.test(text);
}

function recipientOf(address: string | null, text: string, shared: string): ReturnedRecipient {
  const parts = replyParts(text);
  const more = parts.code === null && parts.status === null ? replyParts(shared) : parts;
  const words = parts === more || text.includes(shared) ? text : `${text}\n${shared}`;
  const forwarder = addressIn(FORWARDED.exec(text)?.[1] ?? '')?.toLowerCase() ?? null;
  const isForwarded = address !== null && forwarder !== null && forwarder !== address;
  return {
    address: isForwarded ? forwarder : address,
    finalAddress: isForwarded ? address : null,
    action: 'failed',
    code: more.code,
    status: more.status,
    text: replyText(words),
    stage: parts.stage ?? more.stage,
  };
}

/** The whole line, unless it is the address alone. */
function own(line: string, address: string, words: string): string {
  if (words !== '') return line.trim();
  return line.replace(address, '').replace(/[<>:"'\s*•.-]/g, '') === '' ? '' : line.trim();
}

/** The lines below one that names a recipient, to the next that does. */
function blockBelow(
  report: readonly string[],
  named: readonly ({ rank: number } | null)[],
  at: number,
  rank: number,
): { lines: string[]; end: number } {
  const block: string[] = [];
  let end = at;
  let blanks = 0;
  let length = 0;
  for (let n = at + 1; n < report.length && block.length < MAX_LINES_OF_TEXT; n++) {
    const line = report[n] ?? '';
    const isNext = named[n] !== null && (named[n]?.rank ?? 0) >= rank;
    if (isNext && (block.length > 0 || blanks > 0)) break;
    if (isNext) continue;
    if (FRAME.test(line)) {
      if (++blanks > 2 && block.length > 0) break;
      continue;
    }
    blanks = 0;
    block.push(line.trim());
    end = n;
    length += line.length;
    if (length > 2 * MAX_REPLY_CHARACTERS) break;
  }
  return { lines: block, end };
}

/** The lines of the whole report that give a reason. */
function evidence(report: readonly string[]): string {
  const lines: string[] = [];
  for (const [at, line] of report.entries()) {
    if (lines.length >= MAX_LINES_OF_TEXT) break;
    if (!SAID.test(line)) continue;
    lines.push(line.trim());
    const next = report[at + 1]?.trim() ?? '';
    if (next !== '' && !SAID.test(next)) lines.push(next);
  }
  if (lines.length === 0)
    lines.push(
      ...report
        .filter((line) => REFUSAL.test(line))
        .slice(0, 6)
        .map((line) => line.trim()),
    );
  return lines.join('\n');
}
