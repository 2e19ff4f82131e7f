import { readUrl } from '#kernel/input/read-url.js';
import { stripEnd } from '#kernel/input/strip.js';
import { coloursOf } from '#rendering/template/colours.js';
import { direction, formatDate, resolveLocale } from '#rendering/template/locales.js';
import { webUrl } from '#rendering/template/views.js';
import { assetPath } from './assets.js';
import { languageNames } from './page-locale.js';
import type { PageContext } from './pages.js';

/** What a page says about itself; further members are for its own template. */
export interface PageModel {
  title: string;
  description?: string;
  /** Absolute. */
  canonical?: string;
  /** Not for search engines. */
  isPrivate?: boolean;
  [member: string]: unknown;
}

/** The path under which the site is served, without a trailing slash: mostly empty. */
export function rootPath(baseUrl: string): string {
  return stripEnd(readUrl(baseUrl)?.pathname ?? '', '/');
}

/** Everything `templates/pages/layout.liquid` uses. */
export function layoutScope(context: PageContext, model: PageModel, now: Date, baseUrl: string) {
  const { publication, locale } = context;
  const root = rootPath(baseUrl);
  const { name, postalAddress, theme } = publication;
  const path = context.url.split('?')[0] ?? '/';
  return {
    locale,
    dir: direction(locale),
    root,
    /** Kept on links within the site while the language was asked for by hand. */
    query: context.isLocaleForced ? `?lang=${locale}` : '',
    css: `${root}${assetPath('site.css')}`,
    js: `${root}${assetPath('site.js')}`,
    icon: `${root}${assetPath('favicon.svg')}`,
    colours: coloursOf(theme.accentColor),
    publication: {
      name,
      postalAddress,
      logoUrl: webUrl(theme.logoUrl),
      locale: publication.locale,
      dir: direction(publication.locale),
    },
    today: formatDate(locale, now, publication.timeZone),
    isFront: path === '/',
    path: `${root}${path}`,
    isPrivate: false,
    canonical: null,
    description: null,
    openGraph: null,
    jsonLd: null,
    ogLocale: resolveLocale(locale),
    languages: languageNames().map((language) => ({
      ...language,
      dir: direction(language.locale),
      isCurrent: language.locale === locale,
    })),
    pageTitle: model.title === name ? name : `${model.title} · ${name}`,
  };
}
