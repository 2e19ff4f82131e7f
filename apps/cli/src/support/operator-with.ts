import type { Schemas } from '#contract/paths.js';
import { CliError } from './cli-error.js';
import { answer, type Api } from './client.js';

/** The operator with an address, however many there are. @throws CliError when there is none */
export async function operatorWith(api: Api, email: string): Promise<Schemas['Operator']> {
  let cursor: string | null = null;
  do {
    const query = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const page: { data: Schemas['Operator'][]; nextCursor: string | null } = await answer(
      api.GET('/operators', { params: { query } }),
    );
    const known = page.data.find((one) => one.email === email);
    if (known) return known;
    cursor = page.nextCursor;
  } while (cursor !== null);
  throw new CliError('There is no such operator.');
}
