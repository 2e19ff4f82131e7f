import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The built counterpart of a file beside the caller's, for what Node itself has to run: the caller may be the source, as in
 * a test, or itself built.
 * @param from the caller's `import.meta.url`
 * @param name `./tasks.js`
 * @throws Error when it is not built
 */
export function builtFile(from: string, name: string): string {
  const beside = fileURLToPath(new URL(name, from));
  const at = beside.lastIndexOf('/libs/');
  const built = beside.slice(0, at).endsWith('/dist')
    ? beside
    : `${beside.slice(0, at)}/dist${beside.slice(at)}`;
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build.`);
  return built;
}
