import { FORMS, type CompiledEdition, type Form, type Fragment, type ShellPart } from './compiled-edition.js';
import { editionScope, introHtml, storyHtml, type EditionInput, type EditionScope } from './edition-scope.js';
import { formsIn, takeApart, type Parts, type Taken } from './fragments.js';
import { htmlToPlain } from '../template/html-to-plain.js';
import { parsedTemplate } from './edition-template.js';
import { liquidFor, parseTemplate, renderTemplate } from '../template/liquid.js';
import { compileMjml } from '../template/mjml.js';
import { newNonce, sealForeign, splitAtSentinels } from '../template/sentinel.js';
import { isPlaceholderName } from '../template/placeholders.js';

export type { CompiledEdition } from './compiled-edition.js';
export type { EditionInput, EditionKind } from './edition-scope.js';

/** Instead of the first article's title and summary. */
const CORRECTION_LINES = {
  subject: "{{ 'mail.correction.subject' | t: title: articles[0].title }}",
  preheader: '{{ note }}',
};

/** Compiles an edition once for all its readers of a locale. */
export class EditionCompiler {
  /**
   * Renders the template with every article and compiles the MJML, exactly once, and takes the result apart so that
   * `composeVariant` can put any of the articles together again.
   * @throws DomainError `invalid_input` naming the field (`template`, `subject`, `preheader`) and the line
   */
  async compile(input: EditionInput): Promise<CompiledEdition> {
    const nonce = newNonce();
    const scope = editionScope(input, nonce);
    for (const field of ['subject', 'preheader'] as const) {
      parseTemplate(liquidFor('emails', 'text'), input[field] ?? '', field);
    }
    const mjml = renderMjml(input, scope);
    const intro = introHtml(input, scope);
    const takeAll = (made: string, words: string) =>
      takeApart(insert('intro', made, nonce, words), nonce, input.articles.length);
    const html = takeAll(await compileMjml(mjml), intro);
    const text = takeAll(renderText(input, scope), htmlToPlain(intro));
    return assemble(input, nonce, scope, html, text);
  }

  /** The MJML of an edition, to be looked at: with placeholders as `{{ slot.name }}` and without the marks. */
  mjml(input: EditionInput): string {
    const nonce = newNonce();
    const scope = editionScope(input, nonce);
    return splitAtSentinels(renderMjml(input, scope), (its) => its === nonce)
      .map((part) => {
        if (typeof part === 'string') return part;
        if (isPlaceholderName(part.name)) return `{{ slot.${part.name} }}`;
        if (part.name === 'intro') return introHtml(input, scope);
        if (part.name === 'count') return String(input.articles.length);
        const article = part.name === 'body' && input.articles[part.index];
        return article ? storyHtml(article, input.publication, scope) : '';
      })
      .join('')
      .replace(/\s*<mj-raw>\s*<\/mj-raw>/g, '');
  }
}

function renderMjml(input: EditionInput, scope: EditionScope): string {
  const engine = liquidFor('emails', 'html');
  return renderTemplate(engine, parsedTemplate(input, scope.locale, 'html'), scope, 'template');
}

function renderText(input: EditionInput, scope: EditionScope): string {
  const engine = liquidFor('emails', 'text');
  return renderTemplate(engine, parsedTemplate(input, scope.locale, 'text'), scope, 'template');
}

function assemble(
  input: EditionInput,
  nonce: string,
  scope: EditionScope,
  html: Parts,
  text: Parts,
): CompiledEdition {
  const shellOf = (parts: ShellPart[], kind: 'html' | 'text') =>
    parts.map((part) => (typeof part === 'string' ? sealForeign(part, nonce, kind) : part));
  const seal = (made: string, story: string, kind: 'html' | 'text') =>
    sealForeign(insert('body', made, nonce, story), nonce, kind);

  const fragments = input.articles.map((article, index): Fragment => {
    const { id, title, url, summary, author, topics, section } = article;
    const story = storyHtml(article, input.publication, scope);
    const plain = htmlToPlain(story);
    const formsOf = (taken: Taken | undefined, words: string, kind: 'html' | 'text') => {
      const forms = formsIn(section, taken);
      return Object.fromEntries(FORMS.map((form) => [form, seal(forms[form], words, kind)])) as Record<
        Form,
        string
      >;
    };
    return {
      articleId: id,
      title,
      facts: { url, summary, author, topics },
      html: formsOf(html.fragments[index], story, 'html'),
      text: formsOf(text.fragments[index], plain, 'text'),
      ...(section && {
        section,
        heading: {
          html: seal(html.fragments[index]?.heading ?? '', story, 'html'),
          text: seal(text.fragments[index]?.heading ?? '', plain, 'text'),
        },
      }),
      ...(html.entries.size + text.entries.size > 0 && {
        entry: {
          html: formsOf(html.entries.get(index), story, 'html'),
          text: formsOf(text.entries.get(index), plain, 'text'),
        },
      }),
      warnings: scope.articles[index]?.url ? [] : [`The article "${title}" has no web address to link to.`],
    };
  });
  const defaults = input.kind === 'correction' ? CORRECTION_LINES : undefined;
  const { name, baseUrl, postalAddress } = scope.publication;
  const sealed = (part: 'empty' | 'more') => ({
    html: sealForeign(html[part], nonce, 'html'),
    text: sealForeign(text[part], nonce, 'text'),
  });
  return {
    version: 1,
    locale: scope.locale,
    dir: scope.dir,
    shell: { html: shellOf(html.shell, 'html'), text: shellOf(text.shell, 'text') },
    empty: sealed('empty'),
    emptyPreheader: scope.nothingNew.join(' '),
    more: sealed('more'),
    fragments,
    subjectTemplate: input.subject?.trim() || (defaults?.subject ?? null),
    preheaderTemplate: input.preheader?.trim() || (defaults?.preheader ?? null),
    facts: {
      digest: scope.digest,
      publication: { name, baseUrl },
      date: scope.date,
      note: scope.note.join(' '),
    },
    warnings: postalAddress.trim()
      ? []
      : ['The publication has no postal address; law in many places asks for one in every mailing.'],
  };
}

/** Puts what never went through Liquid or MJML where it belongs. */
function insert(wanted: 'body' | 'intro', made: string, nonce: string, words: string): string {
  const parts = splitAtSentinels(made, (its, name) => its === nonce && name === wanted);
  return parts.map((part) => (typeof part === 'string' ? part : words)).join('');
}
