import { Parser } from 'htmlparser2';

/** The addresses of pictures without a text that stands for them. */
export function picturesWithoutAlt(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(name, { alt, src, role }) {
      if (name === 'img' && !alt?.trim() && role !== 'presentation' && src) found.push(src);
    },
  });
  parser.end(html);
  return found;
}
