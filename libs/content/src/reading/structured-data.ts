/** What JSON-LD says of a story, as it came. */
export interface StructuredData {
  headline?: string;
  description?: string;
  author?: string;
  image?: string;
  date?: string;
}

const STORY = /(?:Article|BlogPosting|Report|Posting)$/;
/** Deeper than any page nests it. */
const MAX_DEPTH = 8;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads schema.org's Article and its kin from the JSON-LD of a page. What is no JSON is passed over.
 * @param scripts the texts of the page's `application/ld+json` scripts
 */
export function structuredData(scripts: readonly string[]): StructuredData {
  for (const script of scripts) {
    const story = storyIn(parse(script), 0);
    if (!story) continue;
    const told = {
      headline: textOf(story.headline) ?? textOf(story.name),
      description: textOf(story.description),
      author: namesOf(story.author),
      image: urlOf(story.image),
      date: textOf(story.datePublished) ?? textOf(story.dateCreated),
    };
    return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  }
  return {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // pages are full of broken scripts; the rest of the page tells the same
  }
}

function storyIn(value: unknown, depth: number): Json | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = Array.isArray(value) ? (value as unknown[]) : undefined;
  if (!inner && !isObject(value)) return undefined;
  if (
    isObject(value) &&
    [value['@type']].flat().some((type) => typeof type === 'string' && STORY.test(type))
  ) {
    return value;
  }
  const parts = inner ?? [(value as Json)['@graph'], (value as Json).mainEntity];
  for (const part of parts) {
    const found = storyIn(part, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function namesOf(value: unknown): string | undefined {
  const people = [value].flat().map((one) => textOf(isObject(one) ? one.name : one));
  const names = people.filter((name) => name !== undefined);
  return names.length > 0 ? names.slice(0, 5).join(', ') : undefined;
}

function urlOf(value: unknown): string | undefined {
  const [first] = [value].flat();
  return textOf(isObject(first) ? first.url : first);
}
