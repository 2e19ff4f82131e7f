import {
  FORMS,
  type CompiledEdition,
  type CompiledLink,
  type Form,
  type ShellPart,
} from '../edition/compiled-edition.js';
import { splitAtPlaceholders } from '../template/placeholders.js';
import { webUrl } from '../template/views.js';
import { relinkHtml, relinkText, type NewLink, type Relink } from './map-links.js';

/** Pages of ours that act for one reader or lead to them: they are never behind a link that counts, nor have they parameters added. */
const OWN_PAGES = [
  'archive',
  'confirm',
  'embed.js',
  'l',
  'o',
  'preferences',
  'subscribe',
  'terms',
  'unsubscribe',
];

/** A link of an edition, as its template or an article has it. */
export type FoundLink = Pick<CompiledLink, 'articleId' | 'url'>;

/**
 * The links of an edition that may be counted, each once for each article that has it, in the order of the mail: http and https,
 * without anything of the reader's, and none of the pages that readers have to themselves.
 */
export function linksOf(compiled: CompiledEdition): FoundLink[] {
  const found = new Map<string, FoundLink>();
  const { baseUrl } = compiled.facts.publication;
  rewritten(compiled, (articleId) => (url) => {
    if (isCountable(url, baseUrl)) found.set(keyOf({ articleId, url }), { articleId, url });
    return undefined;
  });
  return [...found.values()];
}

/** An edition as it is sent: its links lead where clicks are counted, if they are. */
export function asSent(compiled: CompiledEdition): CompiledEdition {
  return relinked(compiled, ({ href }) => ({ href }));
}

/** An edition as it is looked at before or after: its links lead where they lead in the end, and count nothing. */
export function asShown(compiled: CompiledEdition): CompiledEdition {
  return relinked(compiled, ({ target }) => ({ href: target }));
}

/** The edition with something else in the place of each of its links. */
export function relinked(compiled: CompiledEdition, to: (link: CompiledLink) => NewLink): CompiledEdition {
  if (!compiled.links?.length) return compiled;
  const known = new Map(compiled.links.map((link) => [keyOf(link), to(link)]));
  return rewritten(compiled, (articleId) => (url) => known.get(keyOf({ articleId, url })));
}

function keyOf({ articleId, url }: FoundLink): string {
  return `${articleId ?? ''} ${url}`;
}

function isCountable(url: string, baseUrl: string): boolean {
  const target = webUrl(url);
  if (target === null || splitAtPlaceholders(url).some((part) => typeof part !== 'string')) return false;
  const own = webUrl(`${baseUrl}/`) ?? '';
  if (!own || !target.startsWith(own)) return true;
  const [page = ''] = target.slice(own.length).split(/[/?#]/, 1);
  return !OWN_PAGES.includes(page);
}

/**
 * The edition with other links. In the text part those are changed that the HTML part of the same article, or of the shell, has
 * too: an address that merely stands in a story is no link there either.
 */
function rewritten(
  compiled: CompiledEdition,
  relinkFor: (articleId: string | null) => Relink,
): CompiledEdition {
  const { shell, fragments, empty, more, facts } = compiled;
  const frame = new Unit(relinkFor(null));
  const shellHtml = shell.html.map((part) => frame.shell(part, 'html'));
  const frameOf = (part: { html: string; text: string }) => ({
    html: frame.html(part.html),
    text: frame.text(part.text),
  });
  frame.knows(facts.publication.baseUrl);
  return {
    ...compiled,
    empty: frameOf(empty),
    ...(more && { more: frameOf(more) }),
    shell: { html: shellHtml, text: shell.text.map((part) => frame.shell(part, 'text')) },
    fragments: fragments.map((fragment) => {
      const unit = new Unit(relinkFor(fragment.articleId));
      unit.knows(fragment.facts.url);
      const html = unit.forms(fragment.html, 'html');
      const { heading: over } = fragment;
      const heading = over && { html: unit.html(over.html), text: unit.text(over.text) };
      const entry = fragment.entry && unit.forms(fragment.entry.html, 'html');
      return {
        ...fragment,
        html,
        text: unit.forms(fragment.text, 'text'),
        ...(heading && { heading }),
        ...(entry && { entry: { html: entry, text: unit.forms(fragment.entry?.text ?? NO_TEXT, 'text') } }),
      };
    }),
  };
}

const NO_TEXT: Record<Form, string> = { lead: '', brief: '', full: '' };

/** What of an edition has the same links: an article, or all around them. Its HTML is to be read before its text. */
class Unit {
  private readonly seen = new Set<string>();

  constructor(private readonly relink: Relink) {}

  /** Of a link that the text may have and the HTML has not. */
  knows(url: string): void {
    this.seen.add(url);
  }

  html(html: string): string {
    return relinkHtml(html, (url) => {
      this.seen.add(url);
      return this.relink(url);
    });
  }

  text(text: string): string {
    return relinkText(text, (url) => (this.seen.has(url) ? this.relink(url) : undefined));
  }

  shell(part: ShellPart, kind: 'html' | 'text'): ShellPart {
    return typeof part === 'string' ? this[kind](part) : part;
  }

  forms(forms: Record<Form, string>, kind: 'html' | 'text'): Record<Form, string> {
    return Object.fromEntries(FORMS.map((form) => [form, this[kind](forms[form])])) as Record<Form, string>;
  }
}
