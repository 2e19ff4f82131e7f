/** Vocabularies that feeds are written in; `other` is none that is read. */
export type Space =
  | 'rss'
  | 'atom'
  | 'rdf'
  | 'content'
  | 'dc'
  | 'dcterms'
  | 'media'
  | 'itunes'
  | 'googleplay'
  | 'yandex'
  | 'xhtml'
  | 'other';

/** By URI without protocol, `www.` and final slash or hash, in lower case: feeds get those wrong. */
const SPACES: Record<string, Space> = {
  '': 'rss',
  'purl.org/rss/1.0': 'rss',
  'purl.org/rss/2.0': 'rss',
  'purl.org/net/rss1.1': 'rss',
  'my.netscape.com/rdf/simple/0.9': 'rss',
  'channel.netscape.com/rdf/simple/0.9': 'rss',
  'my.netscape.com/publish/formats/rss-0.91.dtd': 'rss',
  'backend.userland.com/rss': 'rss',
  'backend.userland.com/rss2': 'rss',
  'backend.userland.com/rss091': 'rss',
  'blogs.law.harvard.edu/tech/rss': 'rss',
  'cyber.law.harvard.edu/rss/rss.html': 'rss',
  'w3.org/2005/atom': 'atom',
  'purl.org/atom/ns': 'atom',
  'purl.org/atom-blog/ns': 'atom',
  'w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
  'purl.org/rss/1.0/modules/content': 'content',
  'purl.org/dc/elements/1.1': 'dc',
  'purl.org/dc/elements/1.0': 'dc',
  'purl.org/dc/terms': 'dcterms',
  'search.yahoo.com/mrss': 'media',
  'search.yahoo.com/mrss/media': 'media',
  'tools.search.yahoo.com/mrss': 'media',
  'itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'example.com/dtds/podcast-1.0.dtd': 'itunes',
  'google.com/schemas/play-podcasts/1.0': 'googleplay',
  'news.yandex.ru': 'yandex',
  'turbo.yandex.ru': 'yandex',
  'w3.org/1999/xhtml': 'xhtml',
};
/** Prefixes that are used without being declared. */
const PREFIXES: Record<string, Space> = {
  rss: 'rss',
  atom: 'atom',
  a10: 'atom',
  rdf: 'rdf',
  content: 'content',
  dc: 'dc',
  dcterms: 'dcterms',
  media: 'media',
  itunes: 'itunes',
  googleplay: 'googleplay',
  xhtml: 'xhtml',
  html: 'xhtml',
  yandex: 'yandex',
  turbo: 'yandex',
};

/** The vocabulary of a namespace's URI. */
export function spaceOf(uri: string): Space {
  const key = uri
    .trim()
    .slice(0, 200)
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/#]+$/, '');
  return Object.hasOwn(SPACES, key) ? (SPACES[key] as Space) : 'other';
}

/** The vocabulary that a prefix usually means. */
export function spaceOfPrefix(prefix: string): Space {
  return Object.hasOwn(PREFIXES, prefix) ? (PREFIXES[prefix] as Space) : 'other';
}
