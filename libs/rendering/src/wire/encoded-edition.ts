import { beginsSection, chosenFragments, formAt } from '../edition/chosen-fragments.js';
import { createHash } from 'node:crypto';
import {
  FORMS,
  type CompiledEdition,
  type Form,
  type Fragment,
  type ShellPart,
} from '../edition/compiled-edition.js';
import { EncodedText } from './encoded-text.js';
import { lineIn, type VariantLines } from '../edition/lines.js';
import { MimeFrame } from './mime-frame.js';
import { MessagePlate } from './plate.js';
import type { PlateHeaders } from './plate-headers.js';
import { takeOffEnds, tidyInner } from '../template/tidy.js';
import type { VariantOptions } from '../edition/join-variant.js';
import type { PartKind } from './wire-placeholder.js';

/** A text with the white space at its ends apart: what becomes of that depends on the neighbours. */
interface Piece {
  lead: string;
  /** Null: it is white space alone, and all of it is `lead`. */
  core: EncodedText | null;
  trail: string;
}

function pieceOf(text: string, kind: PartKind): Piece {
  const { lead, core, trail } = takeOffEnds(text);
  return { lead, core: core ? new EncodedText(kind === 'text' ? tidyInner(core) : core, kind) : null, trail };
}

/** One MIME part of an edition in pieces, each encoded once, at its first use. */
class EncodedPart {
  private readonly shell: readonly (Piece | Exclude<ShellPart, string>)[];
  private readonly empty: Piece;
  private readonly more: Piece;
  /** By the texts of an article, or of its entry, in all forms. */
  private readonly fragments = new Map<Record<Form, string>, Partial<Record<Form, Piece>>>();
  /** By the texts of an article's heading. */
  private readonly headings = new Map<object, Piece>();
  /** The white space between pieces: few kinds of it. */
  private readonly seams = new Map<string, EncodedText>();

  constructor(
    compiled: CompiledEdition,
    private readonly kind: PartKind,
  ) {
    this.shell = compiled.shell[kind].map((part) => (typeof part === 'string' ? pieceOf(part, kind) : part));
    this.empty = pieceOf(compiled.empty[kind], kind);
    this.more = pieceOf(compiled.more?.[kind] ?? '', kind);
  }

  /** @returns the shared texts of the articles and the shell, in order, which are this part of the mail */
  compose(chosen: readonly Fragment[], lines: VariantLines, more: boolean): EncodedText[] {
    const texts: EncodedText[] = [];
    let seam = '';
    for (const { lead, core, trail } of this.pieces(chosen, lines, more)) {
      seam += lead;
      if (!core) continue;
      this.addSeam(texts, seam, texts.length === 0);
      texts.push(core);
      seam = trail;
    }
    if (this.kind === 'text') texts.push(this.seam('\n'));
    else this.addSeam(texts, seam, false);
    return texts;
  }

  private *pieces(chosen: readonly Fragment[], lines: VariantLines, more: boolean): Generator<Piece> {
    for (const part of this.shell) {
      if (!('hole' in part)) yield part;
      else if (part.hole === 'articles') yield* this.articles(chosen);
      else if (part.hole === 'entries') yield* this.entries(chosen);
      else if (part.hole === 'count') yield pieceOf(String(chosen.length), this.kind);
      else if (part.hole === 'more') {
        if (more) yield this.more;
      } else yield pieceOf(lineIn(this.kind, lines[part.hole]), this.kind);
    }
  }

  private articles(chosen: readonly Fragment[]): Piece[] {
    const pieces = chosen.flatMap((fragment, at) => {
      const story = this.piece(fragment[this.kind], formAt(at, chosen.length));
      return fragment.heading && beginsSection(chosen, at)
        ? [this.heading(fragment.heading), story]
        : [story];
    });
    return pieces.some(({ core, lead }) => core ?? lead) ? pieces : [this.empty];
  }

  private entries(chosen: readonly Fragment[]): Piece[] {
    return chosen.flatMap(({ entry }, at) => {
      return entry ? this.piece(entry[this.kind], formAt(at, chosen.length)) : [];
    });
  }

  private heading(texts: Record<PartKind, string>): Piece {
    const known = this.headings.get(texts) ?? pieceOf(texts[this.kind], this.kind);
    this.headings.set(texts, known);
    return known;
  }

  private piece(texts: Record<Form, string>, form: Form): Piece {
    const forms = this.fragments.get(texts) ?? {};
    this.fragments.set(texts, forms);
    return (forms[form] ??= pieceOf(texts[form], this.kind));
  }

  private addSeam(texts: EncodedText[], space: string, first: boolean): void {
    const tidied = this.kind === 'html' ? space : first ? '' : tidyInner(space);
    if (tidied) texts.push(this.seam(tidied));
  }

  private seam(space: string): EncodedText {
    const known = this.seams.get(space) ?? new EncodedText(space, this.kind);
    this.seams.set(space, known);
    return known;
  }
}

/** A compiled edition in wire form. Its plates are joins of its buffers: it has the bytes, they have references. */
export class EncodedEdition {
  readonly frame: MimeFrame;
  readonly html: EncodedPart;
  readonly text: EncodedPart;

  constructor(readonly compiled: CompiledEdition) {
    this.frame = new MimeFrame(digestOf(compiled));
    this.html = new EncodedPart(compiled, 'html');
    this.text = new EncodedPart(compiled, 'text');
  }
}

/**
 * Of all its texts, so that every process makes the same bytes of an edition, and a preview those that are sent. The texts have
 * the nonce that was drawn after the articles were written, so none of these can know it.
 */
function digestOf({ shell, fragments }: CompiledEdition): Buffer {
  const hash = createHash('sha256');
  for (const kind of ['html', 'text'] as const) {
    for (const part of shell[kind]) hash.update(typeof part === 'string' ? part : part.hole);
    for (const fragment of fragments) {
      hash.update(fragment.heading?.[kind] ?? '');
      for (const form of FORMS) hash.update(fragment[kind][form]);
    }
  }
  return hash.digest();
}

/**
 * Makes an edition ready for {@link composePlate}, once per locale. Each article is encoded when a form of it is first
 * used, so what nobody gets costs nothing.
 */
export function encodeEdition(compiled: CompiledEdition): EncodedEdition {
  return new EncodedEdition(compiled);
}

/**
 * Puts the plate of a variant together: the same message as `buildPlate` of `joinVariant`, but a join of shared
 * buffers. Only subject and preheader are encoded.
 * @param articleIds in the order in which they are to stand
 * @param lines of just these articles
 * @param headers encoded once for all variants
 * @throws DomainError `not_found` when an article is not one of the edition's
 */
export function composePlate(
  encoded: EncodedEdition,
  articleIds: readonly string[],
  lines: VariantLines,
  headers: PlateHeaders,
  { more = false }: VariantOptions = {},
): MessagePlate {
  const { compiled, frame, html, text } = encoded;
  const chosen = chosenFragments(compiled, articleIds);
  const texts = { text: text.compose(chosen, lines, more), html: html.compose(chosen, lines, more) };
  return new MessagePlate({ subject: lines.subject, headers, frame, texts });
}
