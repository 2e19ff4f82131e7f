import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../support/cli-error.js';
import { readArticle } from './article-source.js';
import { Narrator } from './narrator.js';
import { DemoServer } from './server.js';
import { Story } from './story.js';

const USAGE =
  'Usage: npm run demo -- FILE_OR_URL [--keep]   (a text, Markdown or HTML file, or the URL of an article)';

async function demo(args: string[]): Promise<number> {
  const source = args.find((arg) => !arg.startsWith('--'));
  if (!source) throw new CliError(USAGE, 2);
  const article = await readArticle(source);
  const server = new DemoServer();
  const tell = new Narrator();
  console.log(`Broadsheet demo: the whole way of one article. Data in ${server.dataDir}`);
  try {
    await server.start();
    const mails = await new Story(server.url, server.apiKey, tell).run(article);
    tell.title('Where to look');
    for (const [index, mail] of mails.entries()) {
      const file = join(server.dataDir, `edition-${index + 1}.eml`);
      writeFileSync(file, mail.source);
      if (mail.html) writeFileSync(file.replace(/eml$/, 'html'), mail.html);
      tell.say(`${file}  (and .html)`);
    }
    if (process.stdout.isTTY || args.includes('--keep')) {
      tell.say(`Site     ${server.url}/`);
      tell.say(`Mailbox  ${server.url}/mailbox`);
      tell.say('The server runs until Ctrl-C.');
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    }
  } finally {
    await server.stop(true);
  }
  console.log(tell.failed === 0 ? '\nAll of it worked.' : `\n${tell.failed} checks failed.`);
  return tell.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
