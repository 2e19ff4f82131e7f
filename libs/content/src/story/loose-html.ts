/** What stands in these is left out, so that one without an end would take the rest of the story with it. */
const CLOSED = [
  'iframe',
  'object',
  'video',
  'audio',
  'canvas',
  'noembed',
  'applet',
  'textarea',
  'select',
  'button',
  'template',
  'title',
  'xmp',
  'noframes',
  'noscript',
  'svg',
  'option',
  'annotation',
  'annotation-xml',
  'plaintext',
  'frameset',
];
/** Of these, what has no end is code. */
const CODE = ['script', 'style'];
/** Attributes are quoted or bare; a quotation mark that is none, or more than any element has, leaves the second way. */
const ATTRIBUTES = `[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*){0,1000}|[^<>]*`;
const TAG = new RegExp(`<(/?)(${[...CLOSED, ...CODE].join('|')})(?![\\w-])(?:(${ATTRIBUTES})>)?`, 'gi');

/**
 * Mends what feeds do to HTML and a browser would not forgive: elements that end in themselves, as XML's do
 * (`<iframe …/>`), those that never end, and CDATA within HTML.
 */
export function mendHtml(html: string): string {
  const open = html.includes('<![CDATA[') ? html.replace(/<!\[CDATA\[|\]\]>/g, '') : html;
  const endless = endlessIn(open);
  return open.replace(TAG, (tag, _: string, name: string, rest: string | undefined, at: number) =>
    rest !== undefined && endless.has(at) ? `<${name}${rest.replace(/\/$/, '')}></${name}>` : tag,
  );
}

/** Where elements begin that end in themselves or never. An end belongs to the last beginning before it. */
function endlessIn(html: string): Set<number> {
  const endless = new Set<number>();
  const open = new Map<string, number[]>();
  for (const { 1: slash, 2: name = '', 3: rest, index } of html.matchAll(TAG)) {
    const key = name.toLowerCase();
    const begun = open.get(key) ?? [];
    open.set(key, begun);
    if (slash === '/') begun.pop();
    else if (rest?.endsWith('/')) endless.add(index);
    else begun.push(index);
  }
  for (const [name, begun] of open) {
    if (!CODE.includes(name)) for (const at of begun) endless.add(at);
  }
  return endless;
}
