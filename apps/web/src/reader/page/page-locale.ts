import { BASE_LOCALE, LOCALES, resolveLocale } from '#rendering/template/locales.js';

/** What a request says about languages, strongest first. */
export interface LanguageWishes {
  /** `?lang=`, or the language of the form that was posted. */
  override?: unknown;
  /** The language a known reader chose. */
  reader?: string | null | undefined;
  /** The header (RFC 9110 §12.5.4). */
  acceptLanguage?: string | undefined;
}

/** @returns the locale there are texts in for a language tag, if there is one */
function supported(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || tag === '') return undefined;
  const found = resolveLocale(tag, BASE_LOCALE);
  const isAsked = found !== BASE_LOCALE || /^en(?:[-_]|$)/i.test(tag);
  return isAsked ? found : undefined;
}

/** The tags of an Accept-Language header, best first; refused ones (`q=0`) are left out. */
export function acceptedLanguages(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** The language of a page: one there are texts in. */
export function pageLocale(wishes: LanguageWishes, fallback: string): string {
  const tags = [wishes.override, wishes.reader, ...acceptedLanguages(wishes.acceptLanguage)];
  return tags.map(supported).find((locale) => locale !== undefined) ?? resolveLocale(fallback);
}

/** Every language a page exists in, with the name its speakers give it. */
export function languageNames(): { locale: string; name: string }[] {
  return LOCALES.map((locale) => {
    const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
    return { locale, name: name.charAt(0).toLocaleUpperCase(locale) + name.slice(1) };
  });
}
