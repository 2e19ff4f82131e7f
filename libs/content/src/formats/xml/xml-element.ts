import type { Space } from './namespaces.js';

/** An element of a feed. Names of elements and attributes are in lower case and without prefix. */
export interface XmlElement {
  space: Space;
  name: string;
  /** Without prefixes; the plain one counts where both are there. */
  attributes: ReadonlyMap<string, string>;
  children: XmlNode[];
  /** By `xml:base`; null: none was said, here or around it. */
  base: string | null;
}

/** An element, or a text with its entities read. */
export type XmlNode = XmlElement | string;

/** The elements in it, in their order. */
export function elementsIn(parent: XmlElement): XmlElement[] {
  return parent.children.filter((node) => typeof node !== 'string');
}

/** Its children of that name. */
export function all(parent: XmlElement, space: Space, ...names: string[]): XmlElement[] {
  return elementsIn(parent).filter((child) => child.space === space && names.includes(child.name));
}

/** The first child of that name. */
export function first(parent: XmlElement | undefined, space: Space, name: string): XmlElement | undefined {
  return parent && all(parent, space, name)[0];
}

/** All text in it, with that of what is in it. */
export function textIn(element: XmlElement): string {
  const parts: string[] = [];
  const walk = (node: XmlNode): void => {
    if (typeof node === 'string') parts.push(node);
    else node.children.forEach(walk);
  };
  element.children.forEach(walk);
  return parts.join('');
}

/** The texts of its children of that name that hold one, without white space around them. */
export function texts(parent: XmlElement, space: Space, ...names: string[]): string[] {
  return all(parent, space, ...names)
    .map((child) => textIn(child).trim())
    .filter((text) => text !== '');
}
