import { beginsSection, formAt } from './chosen-fragments.js';
import { editionScope, type EditionInput, type EditionScope } from './edition-scope.js';
import { parsedTemplate } from './edition-template.js';
import { beginMark, entryMark, formsIn, takeApart, type Parts, type Taken } from './fragments.js';
import { liquidFor, renderTemplate } from '../template/liquid.js';
import { newNonce } from '../template/sentinel.js';

/** Comments are not sent; `<!--[if mso]>` is one for Outlook, which is. */
const COMMENT = /<!--(?!\[)[\s\S]*?-->/g;
/** Around a mark it holds nothing, and two that follow each other are as one. */
const EMPTY_RAW = /<mj-raw><\/mj-raw>|<\/mj-raw><mj-raw>/g;

/** What Liquid made of a template, put together for some articles. */
export interface JoinedSource {
  /** What stands before, between and after the articles. */
  shell: string;
  whole: string;
}

/**
 * What Liquid makes of a template, before MJML: both ways in which a mail with some of an edition's articles could come
 * about, of the whole edition by joining and directly. Takes a millisecond where a compile takes thirty.
 */
export class SourceJoin {
  private readonly nonce = newNonce();
  private readonly scope: EditionScope;
  private readonly all: Parts;

  private constructor(
    private readonly input: EditionInput,
    private readonly output: 'html' | 'text',
  ) {
    this.scope = editionScope(input, this.nonce);
    this.all = this.render(input.articles.map((_, at) => at));
  }

  /** @returns null when it can't be taken apart before MJML */
  static of(input: EditionInput, output: 'html' | 'text'): SourceJoin | null {
    try {
      return new SourceJoin(input, output);
    } catch {
      return null; // whoever compiles it is told
    }
  }

  /** @param set places of articles, rising */
  joined(set: readonly number[]): JoinedSource {
    return this.join(this.all, set, set);
  }

  direct(set: readonly number[]): JoinedSource {
    return this.join(
      this.render(set),
      set.map((_, place) => place),
      set,
    );
  }

  /** Whether the two differ in more than white space. */
  differs(set: readonly number[]): boolean {
    return essence(this.joined(set).whole) !== essence(this.direct(set).whole);
  }

  private render(set: readonly number[]): Parts {
    const { articles } = this.scope;
    const chosen = set.map((at, place) => ({
      ...articles[at],
      begin: beginMark(this.nonce, place),
      entry: entryMark(this.nonce, place),
    }));
    const template = parsedTemplate(this.input, this.scope.locale, this.output);
    const scope = { ...this.scope, articles: chosen };
    const made = renderTemplate(liquidFor('emails', this.output), template, scope, 'template');
    return takeApart(made, this.nonce, set.length);
  }

  /**
   * @param places of the articles in the parts
   * @param set their places in the edition
   */
  private join(parts: Parts, places: readonly number[], set: readonly number[]): JoinedSource {
    const chosen = set.map((at) => ({ section: this.input.articles[at]?.section ?? null }));
    const shown = (taken: Taken | undefined, at: number) =>
      formsIn(chosen[at]?.section, taken)[formAt(at, places.length)];
    const entries = places.map((place, at) => shown(parts.entries.get(place), at));
    const articles = places.map((place, at) => {
      const taken = parts.fragments[place];
      const { section } = chosen[at] ?? {};
      const heading = section && beginsSection(chosen, at) ? (taken?.heading ?? '') : '';
      return heading + shown(taken, at);
    });
    const holes = {
      articles: articles.join('') || parts.empty,
      entries: entries.join(''),
      count: String(places.length),
      more: parts.more,
      subject: '{{subject}}',
      preheader: '{{preheader}}',
    };
    const fill = (own: typeof holes) =>
      parts.shell.map((part) => (typeof part === 'string' ? part : own[part.hole])).join('');
    return { shell: fill({ ...holes, articles: '', entries: '', count: '' }), whole: fill(holes) };
  }
}

/** What is left of a source when all that makes no difference is taken away. */
export function essence(source: string): string {
  let text = source.replace(COMMENT, '').replace(/\s+/g, '');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(EMPTY_RAW, '');
  }
  return text;
}
