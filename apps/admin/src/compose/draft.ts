import type { Edition } from '../api/types';

export type Section = 'lead' | 'main' | 'brief';
export const SECTIONS: readonly Section[] = ['lead', 'main', 'brief'];

/** A story of a draft, with what is shown of it. */
export interface Story {
  articleId: string;
  title: string;
  state: Edition['stories'][number]['state'];
  section: Section;
}

/** What is written into an edition on this page. Empty texts are none. */
export interface Draft {
  subject: string;
  preheader: string;
  intro: string;
  stories: Story[];
}

export type Field = keyof Draft;
export const FIELDS: readonly Field[] = ['subject', 'preheader', 'intro', 'stories'];
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  subject: 'the subject',
  preheader: 'the preheader',
  intro: 'the introduction',
  stories: 'the stories',
  sendAt: 'the time of sending',
  deadline: 'the deadline',
};

/** An edition that is not divided has all its stories in the main section, which then shows no heading. */
export function draftOf({ subject, preheader, intro, stories }: Edition): Draft {
  return {
    subject: subject ?? '',
    preheader: preheader ?? '',
    intro: intro ?? '',
    stories: stories.map((story) => ({ ...story, section: story.section ?? 'main' })),
  };
}

const essence = (draft: Draft, field: Field) =>
  field === 'stories'
    ? draft.stories.map(({ articleId, section }) => `${articleId} ${section}`).join()
    : draft[field];

export function changedFields(before: Draft, after: Draft): Field[] {
  return FIELDS.filter((field) => essence(before, field) !== essence(after, field));
}

/** What the API is told of some fields. */
export function bodyOf(draft: Draft, fields: readonly Field[]) {
  const all = {
    subject: draft.subject.trim() || null,
    preheader: draft.preheader.trim() || null,
    intro: draft.intro.trim() ? draft.intro : null,
    stories: draft.stories.map(({ articleId, section }) => ({ articleId, section })),
  };
  return Object.fromEntries(fields.map((field) => [field, all[field]])) as Partial<typeof all>;
}

/**
 * Puts one's own changes on what somebody else has made of the draft.
 * @param base what both began with
 * @returns the fields that both have changed are in `both`, and are one's own in `draft`
 */
export function merge(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; both: Field[] } {
  const own = changedFields(base, mine);
  const other = changedFields(base, theirs);
  const draft = { ...theirs, ...Object.fromEntries(own.map((field) => [field, mine[field]])) };
  const both = own.filter(
    (field) => other.includes(field) && essence(mine, field) !== essence(theirs, field),
  );
  return { draft, both };
}

/** Moves a story before another, or to the end of a section. */
export function moved(stories: readonly Story[], id: string, section: Section, before?: string): Story[] {
  const story = stories.find(({ articleId }) => articleId === id);
  if (!story) return [...stories];
  return inserted(
    stories.filter(({ articleId }) => articleId !== id),
    { ...story, section },
    before,
  );
}

/** Puts a story before another, or at the end of its section. */
export function inserted(stories: readonly Story[], story: Story, before?: string): Story[] {
  const rest = stories.filter(({ articleId }) => articleId !== story.articleId);
  const at = before === undefined ? -1 : rest.findIndex(({ articleId }) => articleId === before);
  const rank = SECTIONS.indexOf(story.section);
  const end = rest.filter(({ section }) => SECTIONS.indexOf(section) <= rank).length;
  const place = at < 0 ? end : at;
  return [...rest.slice(0, place), story, ...rest.slice(place)];
}

/** One step up or down; over the edge of a section into the next. */
export function stepped(stories: readonly Story[], id: string, step: -1 | 1): Story[] {
  const at = stories.findIndex(({ articleId }) => articleId === id);
  const story = stories[at];
  if (!story) return [...stories];
  const neighbour = stories[at + step];
  if (neighbour?.section === story.section) {
    const other = [...stories];
    other[at] = neighbour;
    other[at + step] = story;
    return other;
  }
  const section = SECTIONS[SECTIONS.indexOf(story.section) + step];
  if (!section) return [...stories];
  const rest = stories.filter(({ articleId }) => articleId !== id);
  const first = rest.find((one) => one.section === section);
  return inserted(rest, { ...story, section }, step === 1 ? first?.articleId : undefined);
}
