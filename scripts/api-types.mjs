/**
 * `npm run api:types` writes the types of the operator API, for the programs that call it, from the OpenAPI document that the
 * code makes. `--check` changes nothing, and fails when they are not those of the code as it was last built.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { compile } from './build.mjs';
import { main, PlainError, ROOT, say } from './project.mjs';

const FILE = join(ROOT, 'libs/contract/src/operator-api.ts');
const DOCUMENT = join(ROOT, 'dist/apps/web/src/api/print-document.js');
const HEAD = `/* Made by npm run api:types from the schemas in apps/web/src/api and libs: change those, not this. */\n`;

async function typesNow() {
  const document = JSON.parse(
    execFileSync(process.execPath, [DOCUMENT], { encoding: 'utf8', maxBuffer: 1e8 }),
  );
  // A default is what the server takes for what is left out, so it may be left out.
  const ast = await openapiTypes(document, { defaultNonNullable: false });
  return format(HEAD + astToString(ast), { ...(await resolveConfig(FILE)), parser: 'typescript' });
}

await main(async () => {
  if (process.argv.includes('--check')) {
    if (readFileSync(FILE, 'utf8') !== (await typesNow()))
      throw new PlainError('libs/contract/src/operator-api.ts is old: run npm run api:types.');
    return;
  }
  // Whoever calls the API may already use what is about to get its type: that is no reason not to write it.
  await compile().catch((error) => say(`${error.message} Going on with what compiled.`));
  writeFileSync(FILE, await typesNow());
});
