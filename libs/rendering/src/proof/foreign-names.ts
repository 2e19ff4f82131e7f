import type { FieldError } from '#kernel/errors/errors.js';

/** Problems named at once; a template from elsewhere has the same ones again and again. */
const NAMED = 10;

/** A name of another product, how it is met in a template, and what is here in its place. */
interface ForeignName {
  pattern: RegExp;
  product: string;
  here: string;
}

const UNSUBSCRIBE = '{{ slot.unsubscribeUrl }}';
const PREFERENCES = '{{ slot.preferencesUrl }}';
const GREETING = '{{ slot.greeting }} (the whole greeting, in the reader’s language)';
const ADDRESS = '{{ slot.address }}';
const SITE = '{{ publication.name }}';
const POSTAL = '{{ publication.postalAddress }}';
const ARTICLES =
  '{% for article in articles %}, with each article between {{ article.begin }} and {{ mark.end }}';
const NO_WEB_COPY = 'nothing: leave it out, or link to {{ publication.baseUrl }}';
const NOTHING = 'nothing: leave it out';

const foreign = (product: string, names: [string | RegExp, string][]): ForeignName[] =>
  names.map(([name, here]) => ({
    product,
    here,
    pattern: typeof name === 'string' ? new RegExp(name, 'g') : new RegExp(name.source, `${name.flags}g`),
  }));
/** In Liquid's braces, as several products have it. */
const output = (name: string) => `\\{\\{\\{?-?\\s*(?:${name})(?!\\w)[^{}]*\\}\\}\\}?`;

/** Of each product the most usual, the particular before the general. Found where a text begins with one. */
const NAMES: readonly ForeignName[] = [
  ...foreign('listmonk', [
    [output('UnsubscribeURL'), UNSUBSCRIBE],
    [output('ManageURL|OptinURL'), PREFERENCES],
    [output('\\.Subscriber\\.Email'), ADDRESS],
    [output('\\.Subscriber'), GREETING],
    [output('\\.Campaign\\.Subject'), '{{ subject }}'],
    [output('\\.Campaign'), NOTHING],
    [output('template\\s+"content"'), ARTICLES],
    [output('TrackLink'), 'the link itself'],
    [output('TrackView'), NOTHING],
    [output('MessageURL'), NO_WEB_COPY],
    [output('RootURL'), '{{ publication.baseUrl }}'],
    [output('LogoURL'), '{{ publication.logoUrl }}'],
  ]),
  ...foreign('Mailchimp', [
    [/\*\|UNSUB(?::[^|]*)?\|\*/, UNSUBSCRIBE],
    [/\*\|UPDATE_PROFILE\|\*/, PREFERENCES],
    [/\*\|(?:FNAME|LNAME)\|\*/, GREETING],
    [/\*\|EMAIL\|\*/, ADDRESS],
    [/\*\|(?:LIST:(?:COMPANY|NAME))\|\*/, SITE],
    [/\*\|(?:LIST:ADDRESS\w*|HTML:LIST_ADDRESS_HTML|LIST_ADDRESS_HTML)\|\*/, POSTAL],
    [/\*\|MC:SUBJECT\|\*/, '{{ subject }}'],
    [/\*\|MC_PREVIEW_TEXT\|\*/, '{{ preheader }}'],
    [/\*\|DATE:[^|]*\|\*/, '{{ date }}'],
    [/\*\|(?:RSSITEMS|FEEDITEMS|RSS|FEEDBLOCK):[^|]*\|\*/, ARTICLES],
    [/\*\|(?:RSSITEM|FEEDITEM):TITLE\|\*/, '{{ article.title }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):URL\|\*/, '{{ article.url }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):AUTHOR\|\*/, '{{ article.author }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):DATE[^|]*\|\*/, '{{ article.date }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):IMAGE[^|]*\|\*/, '{{ article.imageUrl }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):CONTENT_FULL[^|]*\|\*/, '{{ article.body }}'],
    [/\*\|(?:RSSITEM|FEEDITEM):CONTENT[^|]*\|\*/, '{{ article.summary }}'],
    [/\*\|ARCHIVE\|\*/, NO_WEB_COPY],
    [/\*\|[A-Z][A-Z0-9_:]*[^|\n]*\|\*/, NOTHING],
  ]),
  ...foreign('SendGrid', [
    [/<%\s*asm_(?:group_|global_)?unsubscribe_(?:raw_)?url\s*%>/, UNSUBSCRIBE],
    [/<%\s*asm_preferences_(?:raw_)?url\s*%>/, PREFERENCES],
    [/\{\{\{\s*unsubscribe\s*\}\}\}/, UNSUBSCRIBE],
    [/\{\{\{\s*unsubscribe_preferences\s*\}\}\}/, PREFERENCES],
    [output('Sender_Name'), SITE],
    [output('Sender_(?:Address|City|State|Zip|Country)'), POSTAL],
  ]),
  ...foreign('Brevo', [
    [output('unsubscribe(?:_url)?'), UNSUBSCRIBE],
    [output('update_profile'), PREFERENCES],
    [output('mirror'), NO_WEB_COPY],
    [output('contact\\.EMAIL'), ADDRESS],
    [output('contact\\.(?:FIRSTNAME|LASTNAME|VORNAME|NACHNAME|NOM|PRENOM)'), GREETING],
    [/\[UNSUBSCRIBE\]/, UNSUBSCRIBE],
    [output('params\\.[A-Za-z_]\\w*'), NOTHING],
  ]),
  ...foreign('Keila', [
    [output('unsubscribe_link'), UNSUBSCRIBE],
    [output('contact\\.email'), ADDRESS],
    [output('contact\\.(?:first_name|last_name)'), GREETING],
    [output('campaign\\.subject'), '{{ subject }}'],
    [output('campaign\\.(?:preview_text|data)'), '{{ preheader }}'],
  ]),
  ...foreign('Ghost', [
    [/%%\{?unsubscribe_url\}?%%/, UNSUBSCRIBE],
    [/\{(?:first_name|name)\s*(?:,\s*["“][^"”}]*["”])?\}(?!\})/, GREETING],
    [/\{uuid\}/, NOTHING],
    [output('@site\\.(?:title|name)'), SITE],
    [output('@site\\.url'), '{{ publication.baseUrl }}'],
    [output('@site\\.(?:logo|icon)'), '{{ publication.logoUrl }}'],
    [output('#foreach posts'), ARTICLES],
    [output('post\\.title'), '{{ article.title }}'],
    [output('post\\.(?:excerpt|custom_excerpt)'), '{{ article.summary }}'],
    [output('post\\.(?:html|content)'), '{{ article.body }}'],
    [output('post\\.(?:url)'), '{{ article.url }}'],
    [output('post\\.feature_image'), '{{ article.imageUrl }}'],
  ]),
  ...foreign('phpList', [
    [/\[UNSUBSCRIBE(?:URL)\]/, UNSUBSCRIBE],
    [/\[PREFERENCES(?:URL)?\]/, PREFERENCES],
    [/\[USERTRACK\]/, NOTHING],
  ]),
  ...foreign('Mailtrain', [
    [/\[LINK_UNSUBSCRIBE\]/, UNSUBSCRIBE],
    [/\[LINK_PREFERENCES\]/, PREFERENCES],
    [/\[LINK_BROWSER\]/, NO_WEB_COPY],
  ]),
  ...foreign('Mailjet', [
    [/\[\[UNSUB_LINK(?:_[A-Z]{2})?\]\]/, UNSUBSCRIBE],
    [/\[\[PERMALINK\]\]/, NO_WEB_COPY],
    [/\[\[data:(?:firstname|name|lastname)[^\]]*\]\]/, GREETING],
  ]),
  ...foreign('Klaviyo', [
    [/\{%-?\s*unsubscribe(?:_link)?\b[^%]*%\}/, UNSUBSCRIBE],
    [/\{%-?\s*manage_preferences(?:_link)?\b[^%]*%\}/, PREFERENCES],
    [/\{%-?\s*web_view(?:_link)?\b[^%]*%\}/, NO_WEB_COPY],
  ]),
];
/** Names that a template gives itself are its own: `{% for post in articles %}{{ post.title }}`. */
const OWN_NAME = /\{%-?\s*(?:assign|capture|for|tablerow|increment|decrement)\s+([\w-]+)/g;

/**
 * Finds what other products call the things that a template may use: in our mails it would stand as it is, or stop them with an
 * error that helps nobody.
 * @returns one problem for each name, with its first line and what it is called here, in the order of the lines
 */
export function foreignNames(source: string): FieldError[] {
  const own = new Set([...source.matchAll(OWN_NAME)].map(([, name]) => name));
  const found = new Map<number, { end: number; problem: FieldError }>();
  const said = new Set<string>();
  for (const { pattern, product, here } of NAMES) {
    for (const { 0: name, index } of source.matchAll(pattern)) {
      const [root] = /@?[A-Za-z_][\w-]*/.exec(name) ?? [];
      const taken = [...found].some(([from, { end }]) => index < end && index + name.length > from);
      if (taken || (root && own.has(root)) || said.has(name)) continue;
      said.add(name);
      const line = source.slice(0, index).split('\n').length;
      const message = `Line ${line}: ${name.slice(0, 80)} is a name of ${product}. Here it is ${here}.`;
      found.set(index, {
        end: index + name.length,
        problem: { field: 'template', code: 'foreign_name', message },
      });
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, { problem }]) => problem)
    .slice(0, NAMED);
}
