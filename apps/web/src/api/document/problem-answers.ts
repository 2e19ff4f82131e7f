import { problem } from '../responses/common.js';
import type { Json, NamedSchemas } from './named-schemas.js';

/** The answers that are no success, which all endpoints have in common. */
const ANSWERS: Record<number, { name: string; description: string }> = {
  400: { name: 'Malformed', description: 'The request cannot be read' },
  401: { name: 'Unauthorized', description: 'No valid API key' },
  403: { name: 'Forbidden', description: "The key's role does not allow it" },
  404: { name: 'NotFound', description: 'There is no such thing' },
  409: { name: 'Conflict', description: 'The state does not allow it; `state` names it' },
  410: { name: 'Gone', description: 'It was there, and is no longer' },
  413: { name: 'TooLarge', description: 'The body is too large' },
  415: { name: 'UnsupportedMediaType', description: 'The body is of another kind' },
  422: { name: 'InvalidInput', description: 'Some fields need mending; `errors` names them' },
  429: { name: 'RateLimited', description: 'Too many requests; `Retry-After` says when to try again' },
  503: { name: 'Unavailable', description: 'Not now; try again later' },
};

/** What stands at an operation. @throws Error for a status that has no words here */
export function problemAnswer(status: number): Json {
  const answer = ANSWERS[status];
  if (!answer) throw new Error(`An endpoint names the problem ${status}: say here what it means.`);
  return { $ref: `#/components/responses/${answer.name}` };
}

/** What stands once, in the document's components. */
export function problemAnswers(schemas: NamedSchemas): Record<string, Json> {
  const schema = schemas.write(problem, 'output');
  return Object.fromEntries(
    Object.values(ANSWERS).map(({ name, description }) => [
      name,
      { description, content: { 'application/problem+json': { schema } } },
    ]),
  );
}
