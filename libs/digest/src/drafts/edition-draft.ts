import type { StoryPlace } from '#content/articles/edition-articles.js';
import { SECTIONS, type EditionDraft } from '#database/schema/index.js';
import type { EditionRow } from '../model/edition.repository.js';

export type { EditionDraft };

/** A part of a draft that can be changed on its own. */
export type DraftField = keyof EditionDraft;

const FIELDS: readonly DraftField[] = ['subject', 'preheader', 'intro', 'stories', 'sendAt', 'deadline'];
/** What is in no section stands with the others. */
const UNDIVIDED = SECTIONS.indexOf('main');

/** What an operator wrote into an edition. */
export function draftOf(row: EditionRow, stories: readonly StoryPlace[]): EditionDraft {
  const { subject, preheader, intro, sendAt, deadline } = row;
  return {
    subject,
    preheader,
    intro,
    stories: stories.map(({ articleId, section }) => ({ articleId, section })),
    sendAt: sendAt?.toISOString() ?? null,
    deadline: deadline?.toISOString() ?? null,
  };
}

/** In which fields two drafts differ. */
export function changedFields(before: EditionDraft, after: EditionDraft): DraftField[] {
  const text = (draft: EditionDraft, field: DraftField) =>
    field === 'stories'
      ? draft.stories.map(({ articleId, section }) => `${articleId} ${section ?? ''}`).join()
      : (draft[field] ?? '');
  return FIELDS.filter((field) => text(before, field) !== text(after, field));
}

/** The stories in the order of their sections; within one as they are given. */
export function inSections(
  stories: readonly { articleId: string; section?: StoryPlace['section'] | undefined }[],
): StoryPlace[] {
  const rank = ({ section }: StoryPlace) => (section ? SECTIONS.indexOf(section) : UNDIVIDED);
  const places = stories.map(({ articleId, section }) => ({ articleId, section: section ?? null }));
  return places.sort((a, b) => rank(a) - rank(b));
}
