import type { Schemas } from '#contract/paths.js';
import type { Article } from '../api/types';
import { fromLocalInput, toLocalInput } from '../ui/format';
import type { Amount } from '../ui/use-api-form';

/** The form of an article. Its names are the fields of the API. */
export interface ArticleValues {
  title: string;
  body: string;
  format: Article['format'];
  url: string;
  author: string;
  imageUrl: string;
  topics: string[];
  priority: Amount;
  breaking: boolean;
  publishedAt: string;
  embargoUntil: string;
  draft: boolean;
}

/** What the form shows. @param article none: a new one */
export function valuesOf(article?: Article): ArticleValues {
  return {
    title: article?.title ?? '',
    body: article?.body ?? '',
    format: article?.format ?? 'markdown',
    url: article?.url ?? '',
    author: article?.author ?? '',
    imageUrl: article?.imageUrl ?? '',
    topics: article?.topics.map((topic) => topic.id) ?? [],
    priority: article?.priority ?? 0,
    breaking: article?.breaking ?? false,
    publishedAt: article ? toLocalInput(article.publishedAt) : '',
    embargoUntil: article?.embargoUntil ? toLocalInput(article.embargoUntil) : '',
    draft: article?.draft ?? false,
  };
}

/** What the API is sent. @param article what it was; none: a new one */
export function bodyOf(values: ArticleValues, article?: Article): Schemas['NewArticle'] {
  const { url, author, imageUrl, priority, publishedAt, embargoUntil, draft, ...rest } = values;
  const before = valuesOf(article);
  return {
    ...rest,
    url: url || null,
    author: author || null,
    imageUrl: imageUrl || null,
    priority: priority === '' ? undefined : priority,
    // The inputs know no seconds: a time that nobody touched must stay as it is.
    ...(publishedAt !== before.publishedAt && { publishedAt: fromLocalInput(publishedAt) ?? undefined }),
    ...(embargoUntil !== before.embargoUntil && { embargoUntil: fromLocalInput(embargoUntil) }),
    ...(article ? {} : { draft }),
  };
}

/** Whether saving mails alerts to readers. */
export function firesAlert(values: ArticleValues, article?: Article): boolean {
  return values.breaking && !article?.breaking && !values.draft && !article?.retractedAt;
}
