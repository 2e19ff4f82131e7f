import { chosenFragments } from './edition/chosen-fragments.js';
import type { EditionInput } from './edition/edition-scope.js';
import { composePlate, type EncodedEdition } from './wire/encoded-edition.js';
import type { VariantOptions } from './edition/join-variant.js';
import type { MailWork } from './mail/mail-compiler.js';
import { compileMailTemplates } from './mail/mail-templates.js';
import { compileOperatorMail } from './mail/operator-mail.js';
import type { PlateHeaders } from './wire/plate-headers.js';
import type { MessagePlate } from './wire/plate.js';
import { variantLines } from './edition/variant-lines.js';
import type { ArticleView, PublicationView } from './template/views.js';

/** A publication for tests. */
export function publicationView(overrides: Partial<PublicationView> = {}): PublicationView {
  return {
    name: 'The Harbour Post',
    baseUrl: 'https://news.example.org',
    postalAddress: 'Harbour Post Ltd\n1 Quay Street\nFalmouth TR11 3HP',
    locale: 'en',
    timeZone: 'Europe/London',
    theme: { accentColor: '#8c1c13' },
    ...overrides,
  };
}

/** An article for tests; its title and address follow from the id. */
export function articleView(id: string, overrides: Partial<ArticleView> = {}): ArticleView {
  return {
    id,
    title: `Story ${id}`,
    url: `https://news.example.org/a/${id}`,
    summary: `Summary of ${id}.`,
    html: `<p>Whole text of ${id}.</p>`,
    text: `Whole text of ${id}.`,
    author: 'Ann O’Neill',
    imageUrl: null,
    publishedAt: new Date('2026-11-20T10:00:00Z'),
    topics: ['Islands'],
    ...overrides,
  };
}

/** An edition for tests. */
export function editionInput(overrides: Partial<EditionInput> = {}): EditionInput {
  return {
    template: 'digest',
    locale: 'en',
    publication: publicationView(),
    title: 'The Morning Brief',
    subject: null,
    date: new Date('2026-11-23T07:00:00Z'),
    articles: [articleView('1'), articleView('2'), articleView('3')],
    ...overrides,
  };
}

/** A template with what ours do not have: a list of the articles apart from them, and how many there are. */
export const LISTING = `<mjml><mj-head><mj-title>{{ subject }}</mj-title></mj-head><mj-body>
<mj-section><mj-column><mj-text>{{ slot.greeting }} Today: {{ mark.count }}<ul>
{%- for article in articles %}
{{ article.entry }}{{ mark.teaser }}<li>{{ article.title }} ({{ mark.lead }}first{{ mark.brief }}next{{ mark.teaser }})</li>{{ mark.end }}
{%- endfor %}
</ul></mj-text></mj-column></mj-section>
<mj-raw>{{ mark.empty }}</mj-raw><mj-section><mj-column><mj-text>None</mj-text></mj-column></mj-section><mj-raw>{{ mark.end }}</mj-raw>
{%- for article in articles %}
<mj-raw>{{ article.begin }}</mj-raw>
<mj-section><mj-column><mj-text>{{ article.title }}</mj-text>
<mj-raw>{{ mark.full }}</mj-raw><mj-text>{{ article.body }}</mj-text><mj-raw>{{ mark.all }}</mj-raw></mj-column></mj-section>
<mj-raw>{{ mark.end }}</mj-raw>
{%- endfor %}
<mj-section><mj-column><mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text></mj-column></mj-section>
</mj-body></mjml>`;

/** Compiles mails in this very process. */
export const here: MailWork = { mailTemplates: compileMailTemplates, operatorMail: compileOperatorMail };

/** The plate of a variant, its lines written in this very process. */
export function plateHere(
  encoded: EncodedEdition,
  articleIds: readonly string[],
  headers: PlateHeaders,
  options: VariantOptions = {},
): MessagePlate {
  const { compiled } = encoded;
  const lines = variantLines(compiled, chosenFragments(compiled, articleIds));
  return composePlate(encoded, articleIds, lines, headers, options);
}
