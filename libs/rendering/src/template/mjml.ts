import { createRequire } from 'node:module';
import type mjml2html from 'mjml';
import { invalidField, type DomainError } from '#kernel/errors/errors.js';
import { lazily } from '#kernel/lazily.js';
import { readable } from './sentinel.js';

/** Problems named in one error; a template with more has the same ones again and again. */
const NAMED_PROBLEMS = 5;
/** Characters of a line that are quoted, so that it is found: Liquid has moved the lines. */
const QUOTED = 80;
/** Characters of HTML. An edition of 100 articles has under 1,000,000. */
const HTML_LIMIT = 4_000_000;
const INCLUDE = /<\/?\s*mj-include/i;

/**
 * Loads MJML, if nothing has needed it yet: half a second of CPU and 40 MB, which no process that compiles nothing pays
 * for.
 */
export const loadMjml = lazily(() => createRequire(import.meta.url)('mjml') as typeof mjml2html);

interface MjmlProblem {
  line: number;
  tagName: string;
  message: string;
}

/**
 * Compiles MJML to HTML: strictly, without includes, and without asking for anybody's web fonts.
 * @throws DomainError `invalid_input` about `template`, naming the line of the MJML, when it is not valid; when the HTML is too long
 */
export async function compileMjml(mjml: string): Promise<string> {
  refuseIncludes(mjml);
  const html = await toHtml(mjml);
  if (html.length > HTML_LIMIT) {
    throw invalidField('template', 'too_long', `Its HTML has more than ${HTML_LIMIT} characters.`);
  }
  return withoutIndentation(html);
}

async function toHtml(mjml: string): Promise<string> {
  try {
    // MJML adds links to Google Fonts for every font of its list that it finds a mention of.
    const { html } = await loadMjml()(mjml, {
      validationLevel: 'strict',
      fonts: {},
      keepComments: false,
      ignoreIncludes: true,
    });
    return html;
  } catch (error) {
    throw mjmlError(mjml, error);
  }
}

/** MJML would leave them out without a word. */
function refuseIncludes(mjml: string): void {
  const at = mjml.search(INCLUDE);
  if (at < 0) return;
  const line = mjml.slice(0, at).split('\n').length;
  throw describe(mjml, [
    { line, tagName: 'mj-include', message: 'Files can not be included. Use {% render %} with one of ours' },
  ]);
}

/**
 * Its indentation is a third of the bytes, and Gmail cuts a mail off at 102 KB.
 * A style rule's dot keeps a blank before it, because a line with a dot at its start can't be sent as it is.
 */
function withoutIndentation(html: string): string {
  const lines = html.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).join('\n').replaceAll('\n.', '\n .');
}

function mjmlError(mjml: string, error: unknown): DomainError {
  const problems = (error as { errors?: MjmlProblem[] }).errors;
  if (problems?.length) return describe(mjml, problems);
  return invalidField('template', 'invalid_mjml', `MJML: ${(error as Error).message}`);
}

/** MJML's own words name a path of this machine. Every article has the same problem: it is said once. */
function describe(mjml: string, problems: readonly MjmlProblem[]): DomainError {
  const lines = mjml.split('\n');
  const found = new Map<string, string>();
  for (const { line, tagName, message } of problems) {
    const key = `${tagName} ${message}`;
    if (!found.has(key)) {
      found.set(key, `MJML line ${line} (${tagName}): ${message}, near: ${quote(lines[line - 1] ?? '')}`);
    }
  }
  return invalidField('template', 'invalid_mjml', [...found.values()].slice(0, NAMED_PROBLEMS).join('\n'));
}

function quote(line: string): string {
  return readable(line).trim().slice(0, QUOTED);
}
