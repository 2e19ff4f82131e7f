/**
 * Reads a URL, as a browser does.
 *
 * `URL.canParse` is not used: in Node 20 and 22 its fast path takes Latin-1 for UTF-8, so that once it is warm it
 * refuses `http://bücher.example/` (https://github.com/nodejs/node/pull/48817 mended only part of it). `URL.parse` is
 * not in Node 20.
 *
 * @param base what a relative URL is relative to
 * @returns null if it is not a URL
 */
export function readUrl(text: string, base?: string | URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
