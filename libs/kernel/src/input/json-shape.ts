const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** How much there is in a JSON text: what it costs to make values of it, which its length does not say. */
export interface JsonShape {
  /** Names, and values of lists: an upper bound. */
  members: number;
  /** How many lists and objects stand in each other. */
  depth: number;
}

/**
 * Looks a JSON text over without making anything of it: 2 MB of names take JSON.parse a quarter of a second, 2 MB of open
 * brackets nearly a second, and this some milliseconds. Ends as soon as one of the limits is passed.
 * @param json UTF-8, well-formed or not: what follows a text that does not end is not looked at
 * @param most how much is still of interest
 */
export function jsonShape(json: Buffer, most: JsonShape): JsonShape {
  const shape = { members: 0, depth: 0 };
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === COMMA || byte === COLON) shape.members++;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      shape.members++;
      shape.depth = Math.max(shape.depth, ++depth);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (shape.members > most.members || shape.depth > most.depth) break;
  }
  return shape;
}

/** Where the quote is that ends the text begun at an index; the end of all when there is none. */
function endOfText(json: Buffer, start: number): number {
  for (let at = json.indexOf(QUOTE, start + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return json.length;
}
