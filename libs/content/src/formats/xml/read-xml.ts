import { decodeHTMLStrict } from 'entities';
import { Parser } from 'htmlparser2';
import { readBase } from '../../story/base-url.js';
import { InternalEntities } from './internal-entities.js';
import { spaceOf, spaceOfPrefix, type Space } from './namespaces.js';
import type { XmlElement } from './xml-element.js';

/** Deeper than any feed; what reads the tree later goes down recursively. */
const MAX_DEPTH = 1_000;
/** Feeds of ten megabytes have a tenth of it. */
const MAX_ELEMENTS = 1_000_000;
/** What XML 1.0 §2.2 does not allow; feeds have it anyway. */

const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** A document, read as well as it can be. */
export interface XmlDocument {
  /** What stands at the top: one element, if it is in order. */
  roots: XmlElement[];
  /** Elements that were never closed, from the outermost. */
  open: XmlElement[];
}

/** It is no document that anything could be made of. */
export class XmlError extends Error {}

interface Scope {
  /** By prefix; '' is the default. */
  uris: ReadonlyMap<string, string>;
  element: XmlElement;
}

/**
 * Reads XML as feeds have it: what is not well-formed is read as it was probably meant. A bare `&` is one; HTML's entities
 * are known without being declared; what is not closed ends with what is around it.
 *
 * No file is read and nothing is fetched. Entities of the document itself are replaced if they are plain text.
 * @param url where it came from, which a relative `xml:base` is relative to
 * @throws XmlError when it nests too deeply or has too many elements
 */
export function readXml(text: string, url: string): XmlDocument {
  const reader = new TreeReader(url);
  const parser = new Parser(reader, { xmlMode: true, decodeEntities: false });
  parser.write(text);
  const open = reader.open;
  parser.end();
  return { roots: reader.roots, open };
}

/** Makes the tree of what the parser tells. */
class TreeReader {
  readonly roots: XmlElement[] = [];
  private readonly stack: Scope[] = [];
  private readonly entities = new InternalEntities();
  private isVerbatim = false;
  private count = 0;

  constructor(private readonly url: string) {}

  get open(): XmlElement[] {
    return this.stack.map(({ element }) => element);
  }

  onopentag(qualified: string, given: Record<string, string>): void {
    if (this.stack.length >= MAX_DEPTH) throw new XmlError('its elements are nested too deeply');
    if (++this.count > MAX_ELEMENTS) throw new XmlError('it has too many elements');
    const outer = this.stack.at(-1);
    const attributes = Object.entries(given).map(([name, raw]) => [lower(name), this.decode(raw)] as const);
    const uris = withDeclared(outer?.uris ?? NO_URIS, attributes);
    const [prefix, name] = parted(lower(qualified));
    const element: XmlElement = {
      space: this.spaceOf(prefix, name, uris),
      name,
      attributes: byLocalName(attributes),
      children: [],
      base: baseOf(attributes, outer?.element.base ?? null, this.url),
    };
    (outer ? outer.element.children : this.roots).push(element);
    this.stack.push({ uris, element });
  }

  onclosetag(): void {
    this.stack.pop();
  }

  ontext(text: string): void {
    const children = this.stack.at(-1)?.element.children;
    if (!children) return;
    children.push(this.isVerbatim ? text.replace(CONTROLS, '') : this.decode(text));
  }

  oncdatastart(): void {
    this.isVerbatim = true;
  }

  oncdataend(): void {
    this.isVerbatim = false;
  }

  onprocessinginstruction(name: string, data: string): void {
    if (name.toLowerCase() !== '?xml') this.entities.declare(data);
  }

  private decode(raw: string): string {
    const text = raw.includes('&') ? decodeHTMLStrict(this.entities.replace(raw)) : raw;
    return text.replace(CONTROLS, '');
  }

  /** What has no prefix and is in the namespace of the root is of the root's vocabulary, whatever that URI is. */
  private spaceOf(prefix: string, name: string, uris: ReadonlyMap<string, string>): Space {
    const uri = uris.get(prefix);
    if (prefix !== '' && uri === undefined) return spaceOfPrefix(prefix);
    const root = this.stack[0];
    if (!root) return Object.hasOwn(ROOT_SPACES, name) ? (ROOT_SPACES[name] as Space) : spaceOf(uri ?? '');
    const isOfRoot = prefix === '' && (uri ?? '') === (root.uris.get('') ?? '');
    if (isOfRoot && Object.hasOwn(ROOT_SPACES, root.element.name)) {
      return root.element.name === 'feed' ? 'atom' : 'rss';
    }
    return spaceOf(uri ?? '');
  }
}

const NO_URIS: ReadonlyMap<string, string> = new Map();
const ROOT_SPACES: Record<string, Space> = { rss: 'rss', rdf: 'rdf', channel: 'rss', feed: 'atom' };

const lower = (name: string) => name.slice(0, 100).toLowerCase();

function parted(qualified: string): [prefix: string, name: string] {
  const at = qualified.indexOf(':');
  return at < 0 ? ['', qualified] : [qualified.slice(0, at), qualified.slice(at + 1)];
}

function withDeclared(
  outer: ReadonlyMap<string, string>,
  attributes: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const declared = attributes.filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (declared.length === 0) return outer;
  return new Map([...outer, ...declared.map(([name, uri]) => [name.slice(6), uri] as const)]);
}

function byLocalName(attributes: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const prefixed = attributes.filter(([name]) => name.includes(':') && !name.startsWith('xmlns:'));
  const plain = attributes.filter(([name]) => !name.includes(':') && name !== 'xmlns');
  return new Map([...prefixed.map(([name, value]) => [parted(name)[1], value] as const), ...plain]);
}

/** What is no URL leaves the outer one. */
function baseOf(
  attributes: readonly (readonly [string, string])[],
  outer: string | null,
  url: string,
): string | null {
  const said = attributes.find(([name]) => name === 'xml:base')?.[1].trim();
  return readBase(said, outer ?? url) ?? outer;
}
