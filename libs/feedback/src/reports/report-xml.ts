import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import { reportError } from './report-error.js';

/** An element of a report, without its namespace: names are lower case, text is trimmed. */
export interface ReportElement {
  name: string;
  text: string;
  children: ReportElement[];
}

/** No element of a report lies deeper than six; extensions may. */
const MAX_DEPTH = 50;
/** Of one child of the root. A record has 20, and 6 for each of at most 100 signatures. */
const MAX_ELEMENTS = 2_000;
/** Octets that are decoded at once, so that 50 MB are never a string. */
const PIECE = 64 * 1024;
const MAX_TEXT = 2_000;
/** The declaration stands in the first octets, and is ASCII in every charset that reports come in. */
const DECLARATION_OCTETS = 200;
const ENCODING = /^[^<]{0,10}<\?xml[^>]{0,150}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9._-]{1,40})["']/;

/**
 * Reads the children of the root element one after the other and forgets them, so that memory does not grow with the report.
 * What is not well-formed is read as it was probably meant. No entity is known but XML's own five and those with a number.
 * @param root its name in lower case; elements around it are passed over
 * @param take gets each child when it ends
 * @returns whether the root was found
 * @throws DomainError `malformed` when it has a document type (which could declare entities) or nests too deeply
 */
export function readChildren(
  octets: Uint8Array,
  root: string,
  take: (child: ReportElement) => void,
): boolean {
  const reader = new ChildReader(root, take);
  const parser = new Parser(reader, { xmlMode: true, decodeEntities: true });
  const decoder = decoderFor(octets);
  for (let at = 0; at < octets.byteLength; at += PIECE) {
    parser.write(decoder.decode(octets.subarray(at, at + PIECE), { stream: true }));
  }
  parser.write(decoder.decode());
  parser.end();
  return reader.isFound;
}

/** By the byte order mark, else as the declaration says, else UTF-8; what is no character becomes U+FFFD. */
function decoderFor(octets: Uint8Array): TextDecoder {
  if (octets[0] === 0xff && octets[1] === 0xfe) return new TextDecoder('utf-16le');
  if (octets[0] === 0xfe && octets[1] === 0xff) return new TextDecoder('utf-16be');
  const start = Buffer.from(octets.subarray(0, DECLARATION_OCTETS)).toString('latin1');
  const said = ENCODING.exec(start)?.[1] ?? 'utf-8';
  try {
    // Who says UTF-16 in what is read as ASCII says so wrongly.
    return new TextDecoder(/^utf-?16/i.test(said) ? 'utf-8' : said);
  } catch {
    return new TextDecoder();
  }
}

class ChildReader {
  isFound = false;
  private depth = 0;
  /** At which depth the root's children are; 0: the root is not open. */
  private childDepth = 0;
  private count = 0;
  private stack: ReportElement[] = [];

  constructor(
    private readonly root: string,
    private readonly take: (child: ReportElement) => void,
  ) {}

  onopentag(qualified: string): void {
    if (++this.depth > MAX_DEPTH) throw reportError('damaged', 'The report nests too deeply.');
    const name = qualified.slice(qualified.indexOf(':') + 1).toLowerCase();
    if (this.childDepth === 0) {
      if (name !== this.root) return;
      this.isFound = true;
      this.childDepth = this.depth + 1;
      return;
    }
    if (this.depth === this.childDepth) this.count = 0;
    const element: ReportElement = { name, text: '', children: [] };
    if (++this.count <= MAX_ELEMENTS) this.stack.at(-1)?.children.push(element);
    this.stack.push(element);
  }

  onclosetag(): void {
    const element = this.stack.pop();
    if (element) element.text = element.text.trim();
    if (element && this.depth === this.childDepth) this.take(element);
    this.depth--;
    if (this.childDepth > 0 && this.depth < this.childDepth - 1) this.childDepth = 0;
  }

  ontext(text: string): void {
    const element = this.stack.at(-1);
    if (element && element.text.length < MAX_TEXT) {
      element.text += text.slice(0, MAX_TEXT - element.text.length);
    }
  }

  onprocessinginstruction(name: string): void {
    if (name.toLowerCase() === '!doctype') {
      throw reportError('damaged', 'The report has a document type of its own, which no report has.');
    }
  }
}

/** The first child of a name; undefined: there is none. */
export function childOf(element: ReportElement | undefined, name: string): ReportElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** @returns every child of a name */
export function childrenOf(element: ReportElement | undefined, name: string): ReportElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** @returns the text of a child; null: there is no such child */
export function textOf(element: ReportElement | undefined, name: string): string | null {
  return childOf(element, name)?.text ?? null;
}
