import { readUrl } from '#kernel/input/read-url.js';
import { elementsIn, textIn, type XmlElement, type XmlNode } from './xml-element.js';

/** HTML standard §13.1.2: they have no content and no end tag. */
const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);
/** Their text is no words; and it would be read in another way than it was written. */
const RAW = new Set(['script', 'style', 'xmp', 'plaintext', 'noembed', 'noframes', 'iframe']);
/** HTML's own attributes that hold one URL. */
const URLS = new Set(['href', 'src', 'cite', 'poster', 'longdesc', 'data-src']);

/**
 * What stands in an element, as HTML. Its elements were read as XML, where `<iframe/>` is whole: here it gets its end tag,
 * so that what follows it stays.
 * @param isText its own text is text, as in XHTML; false: it is HTML that was escaped once
 */
export function htmlIn(element: XmlElement, isText: boolean): string {
  const parts: string[] = [];
  const write = (node: XmlNode): void => {
    if (typeof node === 'string') parts.push(isText ? escaped(node) : node);
    else writeElement(node);
  };
  const writeElement = (node: XmlElement): void => {
    const isTag = /^[a-z][a-z\d-]*$/.test(node.name);
    if (isTag) parts.push(`<${node.name}${attributesOf(node, element.base)}>`);
    if (!RAW.has(node.name)) node.children.forEach(write);
    if (isTag && !VOID.has(node.name)) parts.push(`</${node.name}>`);
  };
  element.children.forEach(write);
  return parts.join('').trim();
}

/** What stands in an element that holds HTML: escaped, or as elements because somebody forgot to. */
export function looseHtmlIn(element: XmlElement): string {
  return elementsIn(element).length === 0 ? textIn(element).trim() : htmlIn(element, false);
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attributesOf({ attributes, base }: XmlElement, outer: string | null): string {
  let out = '';
  for (const [name, value] of attributes) {
    if (name === 'base' || !/^[a-z][\w-]*$/.test(name)) continue;
    const isMoved = base !== null && base !== outer && URLS.has(name);
    const said = isMoved ? (readUrl(value, base)?.href ?? value) : value;
    out += ` ${name}="${escaped(said).replaceAll('"', '&quot;')}"`;
  }
  return out;
}
