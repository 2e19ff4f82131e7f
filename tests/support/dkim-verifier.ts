import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.js';

/**
 * Asks dkimpy, which shares no code with us, about messages.
 * @param records what DNS says: TXT by name
 * @returns for each message a word per signature, in order: `good`, `bad`, or what is wrong with it
 */
export function dkimVerdicts(messages: readonly Buffer[], records: Record<string, string>): string[][] {
  const script = join(ROOT, 'tests/support/dkim-verify.py');
  const input = JSON.stringify({ messages: messages.map((one) => one.toString('base64')), records });
  const said = execFileSync(process.env['DKIM_PYTHON'] ?? 'python3', [script], { input, encoding: 'utf8' });
  return JSON.parse(said) as string[][];
}
