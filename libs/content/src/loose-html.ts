/** What stands in these is left out, so that one without an end would take the rest of the story with it. */
const CLOSED = [
  ...['iframe', 'object', 'video', 'audio', 'canvas', 'noembed', 'applet', 'textarea', 'select', 'button'],
  ...['template', 'title', 'xmp', 'noframes', 'noscript'],
];
/** Of these, what has no end is code. */
const CODE = ['script', 'style'];
const START = new RegExp(`<(${[...CLOSED, ...CODE].join('|')})(?![\\w-])([^<>]*)>`, 'gi');

/**
 * Mends what feeds do to HTML and a browser would not forgive: elements that end in themselves, as XML's do
 * (`<iframe …/>`), those that never end, and CDATA within HTML.
 */
export function mendHtml(html: string): string {
  const open = html.includes('<![CDATA[') ? html.replace(/<!\[CDATA\[|\]\]>/g, '') : html;
  const lastEnds = new Map<string, number>();
  return open.replace(START, (tag, name: string, rest: string, at: number) => {
    const key = name.toLowerCase();
    const end = lastEnds.get(key) ?? lastEnd(open, key);
    lastEnds.set(key, end);
    const isOpen = end < at && !CODE.includes(key);
    return rest.endsWith('/') || isOpen ? `<${name}${rest.replace(/\/$/, '')}></${name}>` : tag;
  });
}

/** Where the last end tag of that name begins; -1: there is none. */
function lastEnd(html: string, name: string): number {
  let last = -1;
  for (const { index } of html.matchAll(new RegExp(`</${name}\\b`, 'gi'))) last = index;
  return last;
}
