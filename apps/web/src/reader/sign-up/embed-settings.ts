import type { Terms } from '#audience/publication/terms.service.js';
import type { Measure, StoredWording } from '#database/schema/index.js';
import { catalogue, direction, translate } from '#rendering/template/locales.js';
import { scriptJson } from '../page/article-view.js';
import { wordingOf } from '../page/wording.js';

/** Where the settings go in `public/embed.js`. */
const PLACE = '__BROADSHEET__';

/** The texts of the embedded form in one language. */
export function embedTexts(
  publication: { wording: StoredWording; locale: string; baseUrl: string; measure: Measure },
  terms: Pick<Terms, 'version' | 'locale'>,
  locale: string,
) {
  const { invitation, agreement, sentence, measurement, button } = wordingOf(publication, locale);
  const t = (key: string) => translate(locale, `pages.${key}`);
  const prefix = 'pages.error.';
  const errors = Object.keys(catalogue('en'))
    .filter((key) => /^pages\.error\.(?:email|terms)(?:\.|$)/.test(key))
    .map((key) => [key.slice(prefix.length), translate(locale, key)]);
  return {
    locale,
    dir: direction(locale),
    invitation: invitation.text,
    email: t('form.email'),
    before: agreement.before,
    link: agreement.link,
    after: agreement.after,
    sentence,
    measurement,
    measurementHint: t('form.measurement_hint'),
    termsVersion: terms.version,
    termsUrl: `${publication.baseUrl}/terms/${terms.version}?lang=${encodeURIComponent(terms.locale)}`,
    button: button.text,
    done: `${t('pending.title')}. ${t('form.after')}`,
    errors: { ...Object.fromEntries(errors), later: t('error.429.text'), other: t('embed.failed') } as Record<
      string,
      string
    >,
  };
}

export type EmbedTexts = ReturnType<typeof embedTexts>;

/** The script with what it needs to know written into it. */
export function embedScript(
  source: string,
  settings: { url: string; locale: string; texts: Record<string, EmbedTexts> },
) {
  return source.replace(PLACE, () => scriptJson(settings));
}
