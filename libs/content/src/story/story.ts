import { renderBody, type Body, type BodyFormat } from './body.js';
import { summaryOf } from './summary.js';

/** What a story is made from. */
export interface StorySource {
  source: string;
  format: BodyFormat;
  /** What relative links are relative to. */
  baseUrl?: string | undefined;
}

/** A story ready to be shown, with what stands under its headline. */
export interface Story extends Body {
  summary: string;
}

/**
 * Makes a story and its summary. To be run in a sandbox.
 * @throws DomainError `invalid_input` about `body` when it has more tags than any story
 */
export function storyOf({ source, format, baseUrl }: StorySource): Story {
  const body = renderBody(source, format, baseUrl);
  return { ...body, summary: summaryOf(body.html) };
}
