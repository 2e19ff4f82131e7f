const rss = (items: string) =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><link>https://post.example/</link>${items}</channel></rss>`;
const story = (html: string, at: number) =>
  rss(
    `<item><title>S</title><guid>${at}</guid><content:encoded><![CDATA[${html}]]></content:encoded></item>`,
  );

/** Documents that are made to cost whoever reads them: each takes a number that tells it from the others. */
export const NASTY_ITEMS: readonly ((at: number) => string)[] = [
  (at) => story('<table><tr><td colspan=100000>a', at),
  (at) => story('<table><tr><td colspan=12000 rowspan=12000>a', at),
  (at) => story('<table><tr><td colspan=-5>a', at),
  (at) => story('<ol type=i start=9000000><li>a</ol>', at),
  (at) => story('<div>'.repeat(40_000), at),
  (at) => story(`<p ${Array.from({ length: 20_000 }, (_, n) => `a${n}=1`).join(' ')}>x`, at),
  (at) => story(`<table>${'<tr><td rowspan=9 colspan=9>a<td>b'.repeat(3_000)}`, at),
  (at) => story('<b>'.repeat(60_000), at),
  (at) => story(`<xmp>${'<script>'.repeat(5_000)}`, at),
  (at) => rss(`<item><title>${'&amp;'.repeat(100_000)}</title><guid>${at}</guid></item>`),
  (at) => rss(`<item><title>x${' '.repeat(300_000)}y</title><guid>${at}</guid></item>`),
  () => rss('<item><guid/></item>'.repeat(20_000)),
  () =>
    `<!DOCTYPE r [${Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')}]><rss version="2.0"><channel><title>&e12;</title></channel></rss>`,
  () => `{"version":"https://jsonfeed.org/version/1.1","items":${'['.repeat(50_000)}`,
  () => `{"version":${'\\\\"'.repeat(100_000)}`,
  () => '<'.repeat(500_000),
];

const column = (inner: string) => `<mj-section><mj-column>${inner}</mj-column></mj-section>`;
const page = (more: string) =>
  `<mjml><mj-body>${more}{% for article in articles %}<mj-raw>{{ article.begin }}</mj-raw>${column('<mj-text>{{ article.title }}</mj-text>')}<mj-raw>{{ mark.end }}</mj-raw>{% endfor %}${column('<mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text>')}</mj-body></mjml>`;
const doubled = (times: number) =>
  `{% assign s = 'xxxxxxxxxx' %}{% for i in (1..${times}) %}{% assign s = s | append: s %}{% endfor %}`;

const TEMPLATES = [
  page('{% for i in (1..1000000000) %}{% endfor %}'),
  page(doubled(60)),
  page("{{ articles | where_exp: 'a', 'a.title contains \"x\"' }}"),
  page('{{ (1..100000000) | join }}'),
  page('<mj-include path="/etc/passwd" />'),
  page('{% if x %}'),
  page('<mj-nope />'.repeat(2_000)),
  page(`${doubled(16)}{% for i in (1..99) %}{{ s | raw }}{% endfor %}`),
  page(`${doubled(12)}{{ s | split: '' | sort | join }}`),
  page(column('<mj-text>x</mj-text>').repeat(900)),
];
/** They use up their time; so there are fewer of them. */
const SLOW = [
  page('{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}'),
  page(`${doubled(20)}{% for i in (1..9) %}{{ s | split: "" | sort | size }}{% endfor %}`),
];

/** So many templates that are made to cost whoever compiles them. */
export function nastyTemplates(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    at % 12 === 11 ? (SLOW[(at >> 4) % SLOW.length] as string) : (TEMPLATES[at % TEMPLATES.length] as string),
  );
}

/** So many bodies that are made to cost whoever parses them. */
export function nastyBodies(count: number): { path: string; body: string; type: string }[] {
  const names = `{${Array.from({ length: 200_000 }, (_, at) => `"k${at}":1`).join(',')}}`;
  const bodies = [
    { path: '/api/v1/articles', body: names, type: 'application/json' },
    { path: '/api/v1/articles', body: '['.repeat(1_000_000), type: 'application/json' },
    { path: '/api/v1/digests', body: `[${'{},'.repeat(600_000)}{}]`, type: 'application/json' },
    { path: '/subscribe', body: names, type: 'application/json' },
    { path: '/subscribe', body: 'a=&'.repeat(600_000), type: 'application/x-www-form-urlencoded' },
  ];
  return Array.from({ length: count }, (_, at) => bodies[at % bodies.length] as (typeof bodies)[0]);
}
