import { decodeHTMLAttribute } from 'entities';
import { QuoteType, Tokenizer } from 'htmlparser2';
import { escapeHtml } from '../template/placeholders.js';
import { sealForeign } from '../template/sentinel.js';

/** A link that is written in place of another has no placeholder but in its tail, so whatever looks like one is made harmless. */
const NO_NONCE = '';
const LINKING = new Set(['a', 'area']);
/** A run of characters that mail programs make a link of, perhaps with punctuation of the sentence at its end. */
const URL_RUN = /https?:\/\/[^\s<>"]+/g;
const ENDS_SENTENCE = /[.,;:!?)\]'’”»]/;
/** Characters that may end the sentence, `?!").` and the like. More of them are no sentence. */
const MOST_ENDINGS = 6;

/** What is to stand in the place of a URL. */
export interface NewLink {
  href: string;
  /** Put behind it as it is: a sentinel of ours. */
  tail?: string;
}

/** @returns undefined: the URL stays */
export type Relink = (url: string) => NewLink | undefined;

interface Span {
  from: number;
  to: number;
}

/**
 * Writes other targets into the links of a piece of HTML: of `a` and `area`, outside comments. All else stays byte for byte. The
 * piece may begin and end anywhere but within a tag; an attribute that is cut off stays.
 * @param relink is given each target as a browser would read it, entities decoded
 */
export function relinkHtml(html: string, relink: Relink): string {
  return replaced(html, hrefsIn(html), (source) => {
    const to = relink(decodeHTMLAttribute(source).trim());
    return to && sealForeign(escapeHtml(to.href), NO_NONCE, 'html') + (to.tail ?? '');
  });
}

/** Writes other URLs into a plain text: for those only that `relink` knows, with or without what ends the sentence after them. */
export function relinkText(text: string, relink: Relink): string {
  const runs = [...text.matchAll(URL_RUN)].map(({ index, 0: run }) => ({
    from: index,
    to: index + run.length,
  }));
  return replaced(text, runs, (run) => {
    for (let end = run.length; end > 0 && end >= run.length - MOST_ENDINGS; end--) {
      const to = relink(run.slice(0, end));
      if (to) return sealForeign(to.href, NO_NONCE, 'text') + (to.tail ?? '') + run.slice(end);
      if (!ENDS_SENTENCE.test(run[end - 1] as string)) return undefined;
    }
    return undefined;
  });
}

/** Where the values of `href` are, without their quotes. Empty ones and those without quotes are left out: no template of ours has any. */
function hrefsIn(html: string): Span[] {
  const found: Span[] = [];
  let isLink = false;
  let isHref = false;
  let value: Span | undefined;
  const nothing = () => undefined;
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onopentagname: (from, to) => (isLink = LINKING.has(html.slice(from, to).toLowerCase())),
      onattribname: (from, to) => {
        isHref = isLink && html.slice(from, to).toLowerCase() === 'href';
        value = undefined;
      },
      onattribdata: (from, to) => (value = { from: value?.from ?? from, to }),
      onattribend: (quote) => {
        if (isHref && value && (quote === QuoteType.Double || quote === QuoteType.Single)) found.push(value);
      },
      onattribentity: nothing,
      oncdata: nothing,
      onclosetag: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onopentagend: nothing,
      onprocessinginstruction: nothing,
      onselfclosingtag: nothing,
      ontext: nothing,
      ontextentity: nothing,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return found;
}

function replaced(text: string, spans: readonly Span[], write: (part: string) => string | undefined): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to } of spans) {
    const written = write(text.slice(from, to));
    if (written === undefined) continue;
    parts.push(text.slice(at, from), written);
    at = to;
  }
  return at === 0 ? text : parts.join('') + text.slice(at);
}
