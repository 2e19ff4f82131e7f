import { readFileSync } from 'node:fs';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { articleOfFile } from '../commands/content.js';

export interface DemoArticle {
  title: string;
  body: string;
  format: Schemas['NewArticle']['format'];
  url?: string;
}

/** The words of a sign-up form, found under a copied article. */
export interface FormWords {
  invitation: string;
  agreement: string;
}

/**
 * A page's text often ends with its sign-up form. Those lines are the form's words, not the story's.
 * @returns the story without them, and the words, if the last two paragraphs are an invitation and an agreement
 */
export function splitFormWords(text: string): { story: string; words: FormWords | null } {
  const match =
    /\n\s*\n([^\n]*\b(?:sign up|subscribe)\b[^\n]*)\s*\n\s*\n([^\n]*\bagree\b[^\n]*\bterms\b[^\n]*)\s*$/i.exec(
      text,
    );
  if (!match?.[1] || !match[2]) return { story: text, words: null };
  return {
    story: text.slice(0, match.index),
    words: {
      invitation: match[1].trim(),
      agreement: match[2].trim().replace(/\bterms\b(?!.*\bterms\b)/i, '[terms]'),
    },
  };
}

/**
 * Reads the article the demo is about, from a file or a URL.
 * @throws CliError when there is nothing to read
 */
export async function readArticle(fileOrUrl: string): Promise<DemoArticle> {
  if (/^https?:\/\//.test(fileOrUrl)) return fromUrl(fileOrUrl);
  try {
    readFileSync(fileOrUrl);
  } catch (error) {
    throw new CliError(
      `${fileOrUrl} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    );
  }
  return articleOfFile(fileOrUrl);
}

async function fromUrl(url: string): Promise<DemoArticle> {
  const response = await fetch(url, { signal: AbortSignal.timeout(15_000) }).catch((error: unknown) => {
    throw new CliError(`${url} cannot be fetched: ${(error as Error).message}`);
  });
  if (!response.ok) throw new CliError(`${url} answered ${response.status}.`);
  const { document } = parseHTML(await response.text()) as unknown as { document: never };
  const article = new Readability(document).parse();
  if (!article?.content) throw new CliError(`No article was found at ${url}.`);
  return { title: article.title ?? url, body: article.content, format: 'html', url };
}
