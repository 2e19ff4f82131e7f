/** Nobody could tell, or nobody was asked. */
export const OTHER = 'other';

/** Domains whose mail everybody knows who takes: they are never looked up. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  google: ['gmail.com', 'googlemail.com'],
  microsoft: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'passport.com'],
  yahoo: ['yahoo.com', 'ymail.com', 'rocketmail.com', 'aol.com', 'aim.com', 'netscape.net'],
  apple: ['icloud.com', 'me.com', 'mac.com'],
  gmx: ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.com', 'gmx.org', 'web.de', 'mail.com', '1und1.de'],
  't-online': ['t-online.de', 'magenta.de'],
  orange: ['orange.fr', 'wanadoo.fr'],
  free: ['free.fr', 'aliceadsl.fr'],
  laposte: ['laposte.net'],
  sfr: ['sfr.fr', 'neuf.fr', 'cegetel.net'],
  libero: ['libero.it', 'iol.it', 'inwind.it', 'virgilio.it', 'blu.it', 'giallo.it'],
  'mail.ru': ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'],
  yandex: ['yandex.ru', 'yandex.com', 'ya.ru', 'yandex.by', 'yandex.kz'],
  tencent: ['qq.com', 'foxmail.com'],
  netease: ['163.com', '126.com', 'yeah.net'],
  proton: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
  comcast: ['comcast.net'],
  seznam: ['seznam.cz', 'email.cz'],
  wp: ['wp.pl', 'o2.pl'],
  naver: ['naver.com'],
  bluewin: ['bluewin.ch'],
  // RFC 2606 §3: nobody's.
  [OTHER]: ['example.com', 'example.net', 'example.org'],
};
const BY_DOMAIN: ReadonlyMap<string, string> = new Map(
  Object.entries(KNOWN).flatMap(([provider, domains]) => domains.map((domain) => [domain, provider])),
);

/** Providers with a domain in each country: the name before it. */
const COUNTRY_NAMES: Readonly<Record<string, string>> = {
  hotmail: 'microsoft',
  outlook: 'microsoft',
  live: 'microsoft',
  yahoo: 'yahoo',
};

/** Who takes mail at hosts under these names. */
const BY_EXCHANGE: Readonly<Record<string, string>> = {
  'google.com': 'google',
  'googlemail.com': 'google',
  'outlook.com': 'microsoft',
  'mx.microsoft': 'microsoft',
  'hotmail.com': 'microsoft',
  'yahoodns.net': 'yahoo',
  'icloud.com': 'apple',
  'gmx.net': 'gmx',
  'web.de': 'gmx',
  'kundenserver.de': 'ionos',
  'ionos.com': 'ionos',
  'ionos.de': 'ionos',
  'perfora.net': 'ionos',
  't-online.de': 't-online',
  'orange.fr': 'orange',
  'free.fr': 'free',
  'libero.it': 'libero',
  'mail.ru': 'mail.ru',
  'yandex.net': 'yandex',
  'yandex.ru': 'yandex',
  'qq.com': 'tencent',
  'netease.com': 'netease',
  'protonmail.ch': 'proton',
  'mimecast.com': 'mimecast',
  'mimecast.co.za': 'mimecast',
  'pphosted.com': 'proofpoint',
  'ppe-hosted.com': 'proofpoint',
  'barracudanetworks.com': 'barracuda',
  'messagelabs.com': 'broadcom',
  'iphmx.com': 'cisco',
  'trendmicro.com': 'trendmicro',
  'trendmicro.eu': 'trendmicro',
  'sophos.com': 'sophos',
  'hornetsecurity.com': 'hornetsecurity',
  'antispameurope.com': 'hornetsecurity',
  'retarus.com': 'retarus',
  'retarus.de': 'retarus',
  'zoho.com': 'zoho',
  'zoho.eu': 'zoho',
  'zoho.in': 'zoho',
  'messagingengine.com': 'fastmail',
  'ovh.net': 'ovh',
  'gandi.net': 'gandi',
  'infomaniak.ch': 'infomaniak',
  'secureserver.net': 'godaddy',
  'emailsrvr.com': 'rackspace',
  'amazonaws.com': 'amazon',
  'strato.de': 'strato',
  'rzone.de': 'strato',
  'mailbox.org': 'mailbox.org',
  'comcast.net': 'comcast',
  'seznam.cz': 'seznam',
};

/** RFC 2606 §2, RFC 6761 §6: names that are nobody's. */
const RESERVED = ['example', 'test', 'invalid', 'localhost'];
/** Under these of a country name anybody may have one: `co.uk`, `com.au`. */
const SECOND_LEVEL = ['ac', 'co', 'com', 'edu', 'go', 'gob', 'gov', 'gouv', 'ne', 'net', 'or', 'org'];

/**
 * The provider of a domain that need not be looked up.
 * @param domain ASCII, lower case
 * @returns undefined: it is to be looked up
 */
export function knownProvider(domain: string): string | undefined {
  const labels = domain.split('.');
  if (RESERVED.includes(labels.at(-1) ?? '')) return OTHER;
  const byName = labels.length <= 3 && isCountry(labels) ? COUNTRY_NAMES[labels[0] ?? ''] : undefined;
  return BY_DOMAIN.get(domain) ?? byName;
}

/** `hotmail.fr`, `yahoo.co.uk`. */
function isCountry(labels: readonly string[]): boolean {
  const [, second = '', third] = labels;
  const top = third ?? second;
  return top.length === 2 && (third === undefined || SECOND_LEVEL.includes(second));
}

/** The best mail exchange of a domain (RFC 5321 §5.1: the least preference), in lower case; undefined: it takes no mail (RFC 7505). */
export function bestExchange(records: readonly { exchange: string; priority: number }[]): string | undefined {
  const [best] = [...records].sort((a, b) => a.priority - b.priority || (a.exchange < b.exchange ? -1 : 1));
  return best?.exchange.toLowerCase().replace(/\.$/, '') || undefined;
}

/** Who runs a mail exchange: by the longest name that is known, else its registrable domain as far as its form tells. */
export function providerOfExchange(exchange: string): string {
  const labels = exchange.split('.');
  for (let at = 0; at < labels.length - 1; at++) {
    const known = BY_EXCHANGE[labels.slice(at).join('.')];
    if (known) return known;
  }
  if (labels.length < 2 || RESERVED.includes(labels.at(-1) ?? '')) return OTHER;
  const isSecond = labels.at(-1)?.length === 2 && SECOND_LEVEL.includes(labels.at(-2) ?? '');
  return labels.slice(isSecond ? -3 : -2).join('.');
}
