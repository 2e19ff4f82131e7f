import { essence } from './source-join.js';

/** No template has these characters, and nothing takes them for markup. */
const MARK = /\u0001(\d+)\u0002/g;
const LIQUID = /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;
const MARKED_RAW = /<mj-raw>((?:\u0001\d+\u0002)*)<\/mj-raw>|<\/mj-raw>((?:\u0001\d+\u0002)*)<mj-raw>/g;

/** Puts the line's number before each piece of text in a template, so that it is found in what Liquid makes of it. */
export function numberLines(template: string): string {
  let line = 1;
  const mark = () => `\u0001${line}\u0002`;
  const number = (text: string) =>
    mark() +
    text.replace(/\n/g, () => {
      line += 1;
      return `\n${mark()}`;
    });
  let numbered = '';
  let at = 0;
  for (const { index, 0: tag } of template.matchAll(LIQUID)) {
    numbered += number(template.slice(at, index)) + tag;
    line += tag.split('\n').length - 1;
    at = index + tag.length;
  }
  return numbered + number(template.slice(at));
}

/**
 * Finds the line of a template whose results differ.
 * @param one what Liquid made of a template with {@link numberLines}
 * @param other the same, of which some line must differ
 * @returns null: none does, or it is not known which
 */
export function differingLine(one: string, other: string): { line: number; text: string } | null {
  const [ours, theirs] = [byLine(one), byLine(other)];
  for (const line of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a = '', b = ''] = [ours.get(line), theirs.get(line)];
    if (essence(a) !== essence(b)) return { line, text: firstDifference(a, b) };
  }
  return null;
}

/** All that came of each line, in the order in which they come. */
function byLine(made: string): Map<number, string> {
  const lines = new Map<number, string>();
  let text = made;
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/<(\/?)mj-raw>\s+/g, '<$1mj-raw>').replace(/(\u0002)\s+(<\/?mj-raw>)/g, '$1$2');
    text = text.replace(MARKED_RAW, '$1$2');
  }
  const pieces = text.split(MARK);
  for (let at = 1; at < pieces.length; at += 2) {
    const line = Number(pieces[at]);
    lines.set(line, (lines.get(line) ?? '') + (pieces[at + 1] ?? ''));
  }
  return lines;
}

/** The words of the longer one from where they differ. */
function firstDifference(a: string, b: string): string {
  const [long, short] = [a, b].map((its) => its.trim().split(/\s+/)).sort((x, y) => y.length - x.length);
  const from = (long ?? []).findIndex((word, at) => word !== short?.[at]);
  return (long ?? []).slice(Math.max(0, from)).join(' ');
}
