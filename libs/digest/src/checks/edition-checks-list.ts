import { GMAIL_CLIP_BYTES } from '#rendering/edition/join-variant.js';
import { picturesWithoutAlt } from './pictures.js';
import type { EditionStory } from '../model/edition.repository.js';
import { articleState, type ArticleState } from '#content/articles/article-state.js';

/** `error`: it can not be sent so; `warning`: look at it first; `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** Something about an edition that its editors should know before they send it. */
export interface EditionProblem {
  code: string;
  severity: Severity;
  /** What it is about: a part of the edition, or something outside of it. */
  where: { part: string; articleId: string | null; title: string | null; url: string | null };
  /** What is the matter, and what to do. */
  message: string;
  todo: string;
}

export type Where = Partial<EditionProblem['where']> & { part: string };

export function problem(
  code: string,
  severity: Severity,
  where: Where,
  message: string,
  todo: string,
): EditionProblem {
  return { code, severity, where: { articleId: null, title: null, url: null, ...where }, message, todo };
}

/** Most inboxes on a computer show so many characters of a subject; telephones show half. */
export const LONG_SUBJECT = 70;

/** About what readers see before they open it. */
export function aboutLines({ subject }: { subject: string }): EditionProblem[] {
  const length = Array.from(subject).length;
  if (length <= LONG_SUBJECT) return [];
  return [
    problem(
      'subject_too_long',
      'warning',
      { part: 'subject' },
      `The subject has ${length} characters; most inboxes cut it off after ${LONG_SUBJECT}, telephones after about 40.`,
      'Shorten it, or put what matters first.',
    ),
  ];
}

/** About how large it is. */
export function aboutSize(bytes: number): EditionProblem[] {
  if (bytes <= GMAIL_CLIP_BYTES) return [];
  return [
    problem(
      'too_large',
      'warning',
      { part: 'mail' },
      `The mail has ${Math.ceil(bytes / 1024)} KB; Gmail clips what is over 102 KB, and hides the unsubscribe link with it.`,
      'Take a story out, or show some in brief.',
    ),
  ];
}

/** What to do about a story that is not public. */
const STANDING: Readonly<
  Partial<Record<ArticleState, { severity: Severity; message: string; todo: string }>>
> = {
  draft: {
    severity: 'error',
    message: 'is a draft, so the edition can not be sent.',
    todo: 'Publish it, or take it out.',
  },
  retracted: {
    severity: 'warning',
    message: 'was retracted, so it is left out of the mail.',
    todo: 'Take it out.',
  },
  embargoed: {
    severity: 'warning',
    message: 'is under embargo, so it is left out of the mail until that ends.',
    todo: 'Send later, or take it out.',
  },
  scheduled: {
    severity: 'warning',
    message: 'is not published yet, so it is left out of the mail until then.',
    todo: 'Send later, or take it out.',
  },
};

/** About the stories' states at the time of sending. */
export function aboutStories(stories: readonly EditionStory[], at: Date): EditionProblem[] {
  return stories.flatMap(({ articleId, title, standing }) => {
    const state = articleState(standing, at);
    const said = STANDING[state];
    if (!said) return [];
    const where = { part: 'stories', articleId, title };
    return [problem(`story_${state}`, said.severity, where, `“${title}” ${said.message}`, said.todo)];
  });
}

/** About pictures. @param html of one story, or of what stands around them */
export function aboutPictures(html: string, where: Where): EditionProblem[] {
  const urls = [...new Set(picturesWithoutAlt(html))];
  return urls.map((url) =>
    problem(
      'missing_alt',
      'warning',
      { ...where, url },
      `${where.title ? `A picture of “${where.title}”` : 'A picture'} has no text in its place: many inboxes show none at first, and some readers cannot see it.`,
      'Describe it in the article.',
    ),
  );
}
