import { invalidField } from '#kernel/errors/errors.js';
import { FORMS, type Form, type ShellPart } from './compiled-edition.js';
import type { Section } from '../template/views.js';
import { sentinel, splitAtSentinels } from '../template/sentinel.js';

/** A compiled template taken apart. */
export interface Parts {
  shell: ShellPart[];
  empty: string;
  more: string;
  /** By the article's place in the edition. */
  fragments: Taken[];
  /** Likewise; none where the template has no list of them. */
  entries: ReadonlyMap<number, Taken>;
}

/** What a template says of an article: in each form, in the short one for the section "in brief" if it has one, and over its section. */
export type Taken = Record<Form | 'short' | 'heading', string>;

/** An article as it is shown in its section, in each form. */
export function formsIn(section: Section | null | undefined, taken: Taken | undefined): Record<Form, string> {
  const { lead = '', brief = '', short = '', full = '' } = taken ?? {};
  return { lead, brief: (section === 'brief' && short) || brief, full };
}

/** The marks a template sets between its parts, always in `<mj-raw>`. */
export function markSentinels(nonce: string) {
  const mark = (name: string) => sentinel(nonce, name);
  return {
    mark: Object.fromEntries(
      [...Object.keys(FORMS_OF_MARK), 'end', 'empty', 'more', 'count'].map((name) => [name, mark(name)]),
    ),
    subject: mark('subject'),
    preheader: mark('preheader'),
  };
}

/** The mark that begins the article at a place. */
export function beginMark(nonce: string, index: number): string {
  return sentinel(nonce, 'begin', index);
}

/** The mark that begins what stands of the article at a place in a list of them. */
export function entryMark(nonce: string, index: number): string {
  return sentinel(nonce, 'entry', index);
}

/** For which forms is what follows a mark? */
const FORMS_OF_MARK: Readonly<Record<string, readonly (keyof Taken)[]>> = {
  lead: ['lead'],
  brief: ['brief'],
  short: ['short'],
  full: ['full'],
  teaser: ['lead', 'brief'],
  section: ['heading'],
  all: FORMS,
};
const MARKS = new Set([
  'begin',
  'entry',
  'end',
  'empty',
  'more',
  'count',
  'subject',
  'preheader',
  ...Object.keys(FORMS_OF_MARK),
]);

/**
 * Takes a compiled template apart at its marks: the shell around the articles, one fragment per article and one per entry of a
 * list of them, what stands there when there are none, and what stands where `more` is when there are more. Between `begin` or
 * `entry` and `end`, what follows the mark `lead`, `brief`, `full` or `teaser` (lead and brief) is for those forms only, and what
 * follows `all` is for all of them; what follows `short` takes the place of `brief` in the section "in brief", and
 * what follows `section` stands before the first article of a section.
 * @throws DomainError `invalid_input` about the template when an article was not given exactly one place, or when one
 *   part stands inside another
 */
export function takeApart(compiled: string, nonce: string, count: number): Parts {
  const shell: ShellPart[] = [];
  const apart = { empty: '', more: '' };
  const placed = {
    articles: new Map<number, Taken>(),
    entries: new Map<number, Taken>(),
  };
  let scope: 'shell' | 'empty' | 'more' | Taken = 'shell';
  let forms: readonly (keyof Taken)[] = FORMS;
  const open = (hole: 'articles' | 'entries') => {
    if (!shell.some((part) => typeof part !== 'string' && part.hole === hole)) shell.push({ hole });
  };

  for (const part of splitAtSentinels(compiled, (its, name) => its === nonce && MARKS.has(name))) {
    if (typeof part === 'string') {
      if (scope === 'shell') shell.push(part);
      else if (typeof scope === 'string') apart[scope] += part;
      else for (const form of forms) scope[form] += part;
    } else if (part.name === 'begin' || part.name === 'entry') {
      if (scope !== 'shell') throw badTemplate(`{{ article.${part.name} }} can't stand inside another part.`);
      const hole = part.name === 'begin' ? 'articles' : 'entries';
      if (placed[hole].has(part.index)) throw badTemplate(TWICE[hole]);
      dropSpace(shell);
      open(hole);
      scope = { lead: '', brief: '', short: '', full: '', heading: '' };
      placed[hole].set(part.index, scope);
      forms = FORMS;
    } else if (part.name === 'empty' || part.name === 'more') {
      if (scope !== 'shell') throw badTemplate(`{{ mark.${part.name} }} can't stand inside another part.`);
      if (part.name === 'empty') open('articles');
      else if (apart.more) throw badTemplate('{{ mark.more }} can stand in one place only.');
      else shell.push({ hole: 'more' });
      scope = part.name;
    } else if (part.name === 'end') {
      scope = 'shell';
    } else if (part.name === 'subject' || part.name === 'preheader' || part.name === 'count') {
      if (scope !== 'shell') throw badTemplate(`{{ ${nameOf(part.name)} }} can't stand inside another part.`);
      shell.push({ hole: part.name });
    } else {
      forms = FORMS_OF_MARK[part.name] ?? FORMS;
    }
  }
  if (scope !== 'shell') throw badTemplate('An article is begun and not ended.');
  const fragments = Array.from({ length: count }, (_, index) => placed.articles.get(index));
  if (!fragments.every((fragment) => fragment !== undefined)) {
    throw badTemplate('It shows no articles: wrap each in {{ article.begin }} and {{ mark.end }}.');
  }
  return { shell, ...apart, fragments, entries: placed.entries };
}

const TWICE = {
  articles: 'An article is begun twice.',
  entries: 'An article has two entries: {{ article.entry }} can stand in one list only.',
};

function nameOf(hole: 'subject' | 'preheader' | 'count'): string {
  return hole === 'count' ? 'mark.count' : hole;
}

/** White space between articles, or entries, would tell how many there are: the bytes of a mail are to depend on its own articles alone. */
function dropSpace(shell: ShellPart[]): void {
  const [before, last] = shell.slice(-2);
  const follows = typeof before === 'object' && (before.hole === 'articles' || before.hole === 'entries');
  if (follows && typeof last === 'string' && !last.trim()) shell.pop();
}

function badTemplate(problem: string) {
  return invalidField('template', 'invalid_template', problem);
}
