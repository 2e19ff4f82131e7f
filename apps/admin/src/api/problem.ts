import type { Schemas } from '#contract/paths.js';

/** What is wrong with one field of an input. */
export type FieldError = Schemas['FieldError'];

/** An answer that is not a success: an RFC 9457 problem document, or none at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string,
    readonly errors: FieldError[] = [],
    /** What else it says, by name. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Problem';
  }
}

/** Reads what a refusal says of itself; a proxy between may say nothing. */
export async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
  const message = said.detail ?? `The server answered ${response.status}.`;
  return new Problem(response.status, message, said.code ?? 'unknown', said.errors, said);
}
