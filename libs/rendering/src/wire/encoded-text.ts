import { encodeQuotedPrintable } from './quoted-printable.js';
import { splitAtPlaceholders, type Placeholder } from '../template/placeholders.js';
import { placeholderUse, VALUE_ROOM, type PartKind, type WirePart } from './wire-placeholder.js';

const LINE_BREAK = /\r\n|\r|\n/;
const LINE_BREAKS = /\r\n|\r|\n/g;
/** RFC 5321 §4.5.2 would have the dot stuffed; mailbox files change the `From `. Neither is written unencoded. */
const TOUCHY = /^(\.|From )/;

/** Bytes for the wire with placeholders between them, and how they end. */
export interface WireText {
  parts: readonly WirePart[];
  /** The last line is not ended: what follows must not simply be put behind it. */
  open: boolean;
}

/** The lines of a text written as it is, in octets; a placeholder counts as the longest value it may get. */
export interface Lines {
  first: number;
  /** Of those that are whole, and so don't change with what stands before and after. */
  longest: number;
  last: number;
  /** There is more than one. */
  several: boolean;
  /** The first would be touchy at the start of a line. */
  touchyStart: boolean;
  /** Something in it can't be written as it is. */
  touchy: boolean;
}

/**
 * A piece of a MIME part, encoded at the first use in each of the ways it can be written, and then shared by all the
 * messages that have it.
 */
export class EncodedText {
  private readonly pieces: readonly (string | Placeholder)[];
  readonly hasPlaceholders: boolean;
  /** It begins with a line break. */
  readonly breaksFirst: boolean;
  private share: { octets: number; beyondAscii: number } | undefined;
  private encoded: WireText | undefined;
  private plain: readonly WirePart[] | undefined;
  private measured: Lines | undefined;

  /** @param text may hold placeholders, see placeholders.ts */
  constructor(
    text: string,
    private readonly kind: PartKind,
  ) {
    this.pieces = splitAtPlaceholders(text);
    this.hasPlaceholders = this.pieces.some((piece) => typeof piece !== 'string');
    this.breaksFirst = /^[\r\n]/.test(text);
  }

  /** Octets of UTF-8 without the placeholders' values, and how many of them are above 127. */
  get octets(): { octets: number; beyondAscii: number } {
    if (!this.share) {
      const text = this.pieces.filter((piece) => typeof piece === 'string').join('');
      const beyondAscii = Buffer.byteLength(text.replace(/[\0-\x7f]+/g, ''));
      this.share = { octets: Buffer.byteLength(text), beyondAscii };
    }
    return this.share;
  }

  /** Begins at the start of a line; every placeholder does too, because its value ends with a soft line break. */
  get quotedPrintable(): WireText {
    if (this.encoded) return this.encoded;
    let open = false;
    const parts = this.pieces.flatMap((piece, index): WirePart[] => {
      if (typeof piece !== 'string') {
        open = false;
        return [placeholderUse(piece.placeholder, this.kind, 'quoted-printable')];
      }
      const { encoded, column } = encodeQuotedPrintable(piece);
      open = column > 0;
      const slotFollows = index + 1 < this.pieces.length;
      return [Buffer.from(slotFollows && open ? `${encoded}=\r\n` : encoded)];
    });
    return (this.encoded = { parts, open });
  }

  /** UTF-8 as it is, with CRLF for every line break. */
  get eightBit(): readonly WirePart[] {
    return (this.plain ??= this.pieces.map((piece) =>
      typeof piece === 'string'
        ? Buffer.from(piece.replace(LINE_BREAKS, '\r\n'))
        : placeholderUse(piece.placeholder, this.kind, '8bit'),
    ));
  }

  get lines(): Lines {
    if (this.measured) return this.measured;
    const longest = 'x'.repeat(VALUE_ROOM);
    const text = this.pieces.map((piece) => (typeof piece === 'string' ? piece : longest)).join('');
    const [first = '', ...others] = text.split(LINE_BREAK);
    const whole = others.slice(0, -1);
    return (this.measured = {
      first: Buffer.byteLength(first),
      longest: Math.max(0, ...whole.map((line) => Buffer.byteLength(line))),
      last: Buffer.byteLength(others.at(-1) ?? first),
      several: others.length > 0,
      touchyStart: TOUCHY.test(first),
      touchy: text.includes('\0') || others.some((line) => TOUCHY.test(line)),
    });
  }
}
