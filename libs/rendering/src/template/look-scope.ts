import { coloursOf } from './colours.js';
import { direction, resolveLocale } from './locales.js';
import { webUrl, type PublicationView } from './views.js';

/** What every mail's template may use: the language with its direction, and the look of the publication. */
export function lookScope(wanted: string, publication: PublicationView) {
  const locale = resolveLocale(wanted, publication.locale);
  const dir = direction(locale);
  return {
    locale,
    dir,
    start: dir === 'ltr' ? ('left' as const) : ('right' as const),
    end: dir === 'ltr' ? ('right' as const) : ('left' as const),
    arrow: dir === 'ltr' ? '→' : '←',
    colours: coloursOf(publication.theme.accentColor),
    publication: publicationScope(publication),
  };
}

function publicationScope({ name, baseUrl, postalAddress, theme }: PublicationView) {
  return { name, baseUrl: baseUrl.replace(/\/+$/, ''), postalAddress, logoUrl: webUrl(theme.logoUrl) };
}
