import type { Measure, StoredWording } from '#database/schema/index.js';
import { direction, resolveLocale, translate } from '#rendering/template/locales.js';

/** Where an agreement's link to the terms belongs. */
const TERMS_MARKER = '[terms]';

/** A text with the language it is written in. */
export interface Worded {
  text: string;
  locale: string;
  dir: 'ltr' | 'rtl';
}

/** The words of a sign-up form. */
export interface Wording {
  invitation: Worded;
  /** The sentence beside the box in three parts; the middle one is the link to the terms. */
  agreement: { before: string; link: string; after: string; locale: string; dir: 'ltr' | 'rtl' };
  /** The same as plain text: exactly what a reader sees, and what their consent records. */
  sentence: string;
  /** The sentence beside the box for being measured; null: there is none. It is ours alone, so that no wording says less than is done. */
  measurement: string | null;
  button: Worded;
}

/**
 * The words of the form: the publication's own where it has some, else those of the page's language.
 * The form shows what this returns and the consent ledger records it, so the two cannot differ.
 */
export function wordingOf(
  publication: { wording: StoredWording; locale: string; measure: Measure },
  pageLocale: string,
): Wording {
  const { wording, measure } = publication;
  const own = resolveLocale(publication.locale);
  const worded = (given: string | null | undefined, key: string): Worded => {
    const locale = given ? publication.locale : pageLocale;
    return { text: given || translate(pageLocale, key), locale, dir: direction(locale) };
  };
  const { text, locale, dir } = worded(wording.agreement, 'pages.form.agreement');
  const link = translate(wording.agreement ? own : pageLocale, 'pages.form.terms_word');
  const at = text.indexOf(TERMS_MARKER);
  // An agreement always has the marker (publication.schema); without one the link would be lost, so it goes last.
  const before = at < 0 ? `${text} ` : text.slice(0, at);
  const after = at < 0 ? '' : text.slice(at + TERMS_MARKER.length);
  return {
    invitation: worded(wording.invitation, 'pages.form.invitation'),
    agreement: { before, link, after, locale, dir },
    measurement: measure === 'consented' ? translate(pageLocale, 'pages.form.measurement') : null,
    sentence: `${before}${link}${after}`,
    button: worded(wording.button, 'pages.form.button'),
  };
}
