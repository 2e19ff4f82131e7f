import { invalidField } from '#kernel/errors.js';
import { FORMS, type Form, type ShellPart } from './compiled-edition.js';
import { sentinel, splitAtSentinels } from './sentinel.js';

/** A compiled template taken apart. */
export interface Parts {
  shell: ShellPart[];
  empty: string;
  more: string;
  /** By the article's place in the edition. */
  fragments: Record<Form, string>[];
}

/** The marks a template sets between its parts, always in `<mj-raw>`. */
export function markSentinels(nonce: string) {
  const mark = (name: string) => sentinel(nonce, name);
  return {
    mark: Object.fromEntries(
      [...Object.keys(FORMS_OF_MARK), 'end', 'empty', 'more'].map((name) => [name, mark(name)]),
    ),
    subject: mark('subject'),
    preheader: mark('preheader'),
  };
}

/** The mark that begins the article at a place. */
export function beginMark(nonce: string, index: number): string {
  return sentinel(nonce, 'begin', index);
}

/** For which forms is what follows a mark? */
const FORMS_OF_MARK: Readonly<Record<string, readonly Form[]>> = {
  lead: ['lead'],
  brief: ['brief'],
  full: ['full'],
  teaser: ['lead', 'brief'],
  all: FORMS,
};
const MARKS = new Set([
  ...['begin', 'end', 'empty', 'more', 'subject', 'preheader'],
  ...Object.keys(FORMS_OF_MARK),
]);

/**
 * Takes a compiled template apart at its marks: the shell around the articles, one fragment per article, what stands
 * there when there are none, and what stands where `more` is when there are more. Between `begin` and `end` of an article, what follows the mark `lead`, `brief`,
 * `full` or `teaser` (lead and brief) is for those forms only, and what follows `all` is for all of them.
 * @throws DomainError `invalid_input` about the template when an article was not given exactly one place, or when one
 *   part stands inside another
 */
export function takeApart(compiled: string, nonce: string, count: number): Parts {
  const shell: ShellPart[] = [];
  const found = new Map<number, Record<Form, string>>();
  const apart = { empty: '', more: '' };
  let scope: 'shell' | 'empty' | 'more' | number = 'shell';
  let forms: readonly Form[] = FORMS;
  const openArticles = () => {
    if (!shell.some((part) => typeof part !== 'string' && part.hole === 'articles'))
      shell.push({ hole: 'articles' });
  };

  for (const part of splitAtSentinels(compiled, (its, name) => its === nonce && MARKS.has(name))) {
    if (typeof part === 'string') {
      if (scope === 'shell') shell.push(part);
      else if (typeof scope === 'string') apart[scope] += part;
      else for (const form of forms) (found.get(scope) as Record<Form, string>)[form] += part;
    } else if (part.name === 'begin') {
      if (found.has(part.index)) throw badTemplate('An article is begun twice.');
      dropSpace(shell);
      openArticles();
      found.set(part.index, { lead: '', brief: '', full: '' });
      scope = part.index;
      forms = FORMS;
    } else if (part.name === 'empty' || part.name === 'more') {
      if (scope !== 'shell') throw badTemplate(`{{ mark.${part.name} }} can't stand inside another part.`);
      if (part.name === 'empty') openArticles();
      else if (apart.more) throw badTemplate('{{ mark.more }} can stand in one place only.');
      else shell.push({ hole: 'more' });
      scope = part.name;
    } else if (part.name === 'end') {
      scope = 'shell';
    } else if (part.name === 'subject' || part.name === 'preheader') {
      if (scope !== 'shell') throw badTemplate(`{{ ${part.name} }} can't stand inside an article.`);
      shell.push({ hole: part.name });
    } else {
      forms = FORMS_OF_MARK[part.name] ?? FORMS;
    }
  }
  if (scope !== 'shell') throw badTemplate('An article is begun and not ended.');
  const fragments = Array.from({ length: count }, (_, index) => found.get(index));
  if (!fragments.every((fragment) => fragment !== undefined)) {
    throw badTemplate('It shows no articles: wrap each in {{ article.begin }} and {{ mark.end }}.');
  }
  return { shell, ...apart, fragments };
}

/** White space between articles would tell how many there are: the bytes of a mail are to depend on its own articles alone. */
function dropSpace(shell: ShellPart[]): void {
  const [before, last] = shell.slice(-2);
  if (typeof before === 'object' && before.hole === 'articles' && typeof last === 'string' && !last.trim()) {
    shell.pop();
  }
}

function badTemplate(problem: string) {
  return invalidField('template', 'invalid_template', problem);
}
