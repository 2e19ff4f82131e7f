/** A field with parameters: `Content-Type`, `Content-Disposition` (RFC 2045 §5.1, RFC 2183). */
export interface ParameterField {
  /** Lower case. */
  value: string;
  /** Names in lower case. */
  parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([a-z0-9_*.-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|$)|([^;\s]*))/gi;

/** Reads such a field, leniently; the first of two parameters of a name counts. */
export function parameterField(field: string): ParameterField {
  const semicolon = field.indexOf(';');
  const head = semicolon === -1 ? field : field.slice(0, semicolon);
  const value = (/^\s*([^\s;()]+)/.exec(head)?.[1] ?? '').toLowerCase();
  const parameters = new Map<string, string>();
  if (semicolon !== -1) {
    for (const [, name = '', quoted, token] of field
      .slice(semicolon, semicolon + 4_000)
      .matchAll(PARAMETER)) {
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
    }
  }
  return { value, parameters };
}

/** The name of a file, also in pieces and percent-encoded (RFC 2231); null: none. */
export function fileName(disposition: ParameterField, type: ParameterField): string | null {
  const pieces = (field: ParameterField, name: string): string | undefined => {
    const whole = field.parameters.get(name);
    if (whole !== undefined) return whole;
    const extended = field.parameters.get(`${name}*`) ?? field.parameters.get(`${name}*0*`);
    if (extended !== undefined) return percentDecoded(extended.slice(extended.lastIndexOf("'") + 1));
    const found: string[] = [];
    for (let n = 0; n < 20; n++) {
      const piece = field.parameters.get(`${name}*${String(n)}`);
      if (piece === undefined) break;
      found.push(piece);
    }
    return found.length > 0 ? found.join('') : undefined;
  };
  return pieces(disposition, 'filename') ?? pieces(type, 'name') ?? null;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
