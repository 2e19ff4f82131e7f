import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { articleFromText } from '#content/articles/article-from-text.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

type NewArticle = Schemas['NewArticle'];

const FORMATS: Record<string, NewArticle['format']> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
};

interface AddOptions {
  title?: string;
  priority?: number;
  breaking?: true;
}

/** What a file becomes as an article; a plain text's first line may be its title. */
export function articleOfFile(path: string, title?: string): Pick<NewArticle, 'title' | 'body' | 'format'> {
  const text = readFileSync(path, 'utf8');
  const format = FORMATS[extname(path).toLowerCase()] ?? 'text';
  const read = articleFromText(text);
  return { title: title ?? read.title, body: title || format !== 'text' ? text : read.body, format };
}

export function addContentCommands(program: Command): void {
  const articles = program.command('articles').description('stories');
  articles
    .command('list')
    .option('--state <state>', 'draft, scheduled, embargoed, published or retracted; default: all')
    .action(async ({ state }: { state?: Schemas['Article']['state'] }, command: Command) => {
      const client = Client.of(command);
      const page = await answer(client.api.GET('/articles', { params: { query: { state } } }));
      show(client.asJson, page, ({ data }) =>
        table(data.map(({ id, title, state, publishedAt }) => ({ id, title, state, publishedAt }))),
      );
    });
  articles
    .command('add <file>')
    .description('add an article from a text, Markdown or HTML file')
    .option('--title <title>', 'default: from the file')
    .option('--priority <number>', '-100 to 100: the higher comes first; default: 0', Number)
    .option('--breaking', 'alert those who asked for it at once')
    .action(async (file: string, { title, ...more }: AddOptions, command: Command) => {
      const client = Client.of(command);
      const made = await answer(
        client.api.POST('/articles', { body: { ...articleOfFile(file, title), ...more } }),
      );
      show(client.asJson, made, (article) =>
        console.log(`${article.id}  ${article.title}\n${article.pageUrl}`),
      );
    });

  articles
    .command('import <url>')
    .description('make a draft of a page on the web; `articles release` puts it out')
    .action(async (url: string, _: unknown, command: Command) => {
      const client = Client.of(command);
      const made = await answer(client.api.POST('/articles/import', { body: { url } }));
      show(client.asJson, made, ({ id, title, draft }) =>
        console.log(`${id}  ${title}${draft ? '  (draft)' : ''}`),
      );
    });
  articles
    .command('release <id>')
    .description('a reviewed draft: from now on it is shown and sent')
    .action(async (id: string, _: unknown, command: Command) => {
      const client = Client.of(command);
      const made = await answer(client.api.PATCH('/articles/{id}', { ...at(id), body: { draft: false } }));
      show(client.asJson, made, (article) =>
        console.log(`${article.id}  ${article.title}\n${article.pageUrl}`),
      );
    });

  articles
    .command('correct <id>')
    .description('say what was wrong: on its page, and by mail to those who had it')
    .requiredOption('--note <text>', 'the words, up to 2,000 characters; "-" reads them from standard input')
    .action(async (id: string, { note }: { note: string }, command: Command) => {
      const client = Client.of(command);
      const made = await answer(
        client.api.POST('/articles/{id}/correct', {
          ...at(id),
          body: { note: note === '-' ? readFileSync(0, 'utf8') : note },
        }),
      );
      show(client.asJson, made, ({ editions, recipients }) =>
        console.log(`${editions.length} editions, about ${recipients} readers`),
      );
    });
}
