import type { Schemas } from '#contract/paths.js';
import type { Feed } from '../api/types';
import type { Amount } from '../ui/use-api-form';

/** One rule: a category as it is typed, and the id of a topic; '' for none. */
export interface CategoryRule {
  category: string;
  topic: string;
}

/** The form of a feed. Its names are the fields of the API. */
export interface FeedValues {
  url: string;
  name: string;
  topics: string[];
  categoryTopics: CategoryRule[];
  everyMinutes: Amount;
  enabled: boolean;
}

/** What the form shows. @param feed none: a new one */
export function valuesOf(feed?: Feed): FeedValues {
  return {
    url: feed?.url ?? '',
    name: feed?.name ?? '',
    topics: feed?.topics ?? [],
    categoryTopics: Object.entries(feed?.categoryTopics ?? {}).map(([category, topic]) => ({
      category,
      topic: topic ?? '',
    })),
    everyMinutes: feed?.everyMinutes ?? 30,
    enabled: feed?.enabled ?? true,
  };
}

/** What the API is sent. A rule without a category is none. */
export function bodyOf({ name, categoryTopics, everyMinutes, ...rest }: FeedValues): Schemas['NewFeed'] {
  const rules = categoryTopics.filter(({ category }) => category.trim() !== '');
  return {
    ...rest,
    name: name || undefined,
    categoryTopics: Object.fromEntries(rules.map(({ category, topic }) => [category.trim(), topic || null])),
    everyMinutes: everyMinutes === '' ? undefined : everyMinutes,
  };
}
