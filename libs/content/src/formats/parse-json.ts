/** Deeper than any feed. What reads JSON goes down recursively. */
const MAX_DEPTH = 64;

const CONTROLS = /[\0-\x1f]/g;

/**
 * Reads JSON as feeds have it: with a byte order mark, and with line breaks in its strings.
 * @returns undefined when it can not be read
 */
export function parseJson(text: string): unknown {
  const clean = text.replace(/^\ufeff/, '');
  if (deepest(clean) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(clean);
  } catch {
    // RFC 8259 §7 wants these escaped.
    return parsed(clean.replace(CONTROLS, ' '));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep a JSON text nests. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let isQuoted = false;
  // Sign by sign: a regular expression for strings that do not end takes hours, and for long ones too much stack.
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) at += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') most = Math.max(most, ++depth);
    else if (sign === ']' || sign === '}') depth--;
  }
  return most;
}
