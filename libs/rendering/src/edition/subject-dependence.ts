import { Variable } from 'liquidjs';
import { liquidFor, parseTemplate } from '../template/liquid.js';

/**
 * What of a mail's articles its subject depends on: the first ones, as many as `leading` says, and, with `count`,
 * also how many there are. `all`: it may be anything of any of them.
 */
export type SubjectDependence = { leading: number; count: boolean } | 'all';

/** Those that only choose between texts or keep values. Loops and partials may look at anything. */
const CLEAR_TAG =
  /^-?\s*(if|elsif|else|endif|unless|endunless|case|when|endcase|assign|capture|endcapture)\b/;
/** Any other may hold a name that is known only when it is rendered. */
const OWN_BRACKET = /\barticles\[\d+\]/g;

/**
 * Tells which articles decide what a subject renders to, so that millions of article sets have few subjects to check:
 * two sets that agree on the dependence have the same subject, or fail alike.
 *
 * It is at least the first article, whose title stands in for a subject that renders empty, and without which the
 * subject is the digest's name. Whatever is not surely understood is `all`.
 * @param subjectTemplate Liquid or plain; null or empty: the first article's title
 * @throws DomainError `invalid_input` naming `subject` and the line
 */
export function subjectDependence(subjectTemplate: string | null): SubjectDependence {
  const source = subjectTemplate?.trim() ?? '';
  const engine = liquidFor('emails', 'text');
  const template = parseTemplate(engine, source, 'subject');
  if (!isClear(source)) return 'all';
  const dependence = { leading: 1, count: false };
  const used = Object.values(engine.analyzeSync(template, { partials: false }).variables).flat();
  for (const { segments } of used) {
    if (segments.some((segment) => segment instanceof Variable)) return 'all';
    const [root, which] = segments;
    if (root !== 'articles') continue;
    if (which === 'size') dependence.count = true;
    else if (Number.isInteger(which) && Number(which) >= 0) {
      dependence.leading = Math.max(dependence.leading, Number(which) + 1);
    } else return 'all';
  }
  return dependence;
}

/** Everything the template reads can be told from its source. */
function isClear(source: string): boolean {
  const start = source.search(/\{[{%]/);
  if (start < 0) return true;
  const liquid = source.slice(start);
  const tags = liquid.split('{%').slice(1);
  return tags.every((tag) => CLEAR_TAG.test(tag)) && !liquid.replace(OWN_BRACKET, '').includes('[');
}
