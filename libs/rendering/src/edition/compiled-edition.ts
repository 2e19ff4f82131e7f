import type { Section } from '../template/views.js';

/**
 * How an article is shown: `lead` first of several, `brief` one of the others, `full` alone in its mail, with its
 * whole text.
 */
export const FORMS = ['lead', 'brief', 'full'] as const;
export type Form = (typeof FORMS)[number];

/** A part of the shell: constant text, or a hole that is filled when a variant is composed. */
export type ShellPart =
  string | { hole: 'articles' | 'entries' | 'count' | 'more' | 'subject' | 'preheader' };

/** One article of an edition, ready in every form. */
export interface Fragment {
  articleId: string;
  title: string;
  /** What the subject may use besides the title. */
  facts: { url: string; summary: string; author: string | null; topics: string[] };
  html: Record<Form, string>;
  text: Record<Form, string>;
  /** Missing: it is in none. */
  section?: Section;
  /** What stands before it where its section begins. Missing: nothing. */
  heading?: { html: string; text: string };
  /** What stands of it in a list elsewhere in the mail. Missing: the template has no list. */
  entry?: { html: Record<Form, string>; text: Record<Form, string> };
  warnings: string[];
}

/** A link of an edition, and where it leads. */
export interface CompiledLink {
  /** The article whose link it is; null: it stands around the articles. */
  articleId: string | null;
  /** As the template or the article has it. */
  url: string;
  /** Where it leads in the end: the same, perhaps with parameters added. */
  target: string;
  /** What stands in the mail that is sent. */
  href: string;
}

/**
 * An edition compiled for one locale: plain JSON, stored as the frozen content. Placeholders are sentinels in its texts.
 * Any set of its articles can be composed to a variant without compiling again.
 */
export interface CompiledEdition {
  version: 1;
  locale: string;
  dir: 'ltr' | 'rtl';
  shell: { html: ShellPart[]; text: ShellPart[] };
  /** Shown in the place of the articles when there are none. */
  empty: { html: string; text: string };
  /** What the inbox shows beside the subject when there are none. Missing in older contents: nothing. */
  emptyPreheader?: string;
  /** Shown in its hole when the reader's maximum cut articles off. Missing in older contents, which have no such hole. */
  more?: { html: string; text: string };
  /** In the order in which the articles were given. */
  fragments: Fragment[];
  /** Liquid over `articles`, `digest`, `publication` and `date`; null: the first article's title. */
  subjectTemplate: string | null;
  /** Likewise; null: made from the articles. */
  preheaderTemplate: string | null;
  /** What those two may use. */
  facts: {
    digest: { name: string };
    publication: { name: string; baseUrl: string };
    date: string;
    /** Of a correction, in one line. Missing in older contents. */
    note?: string;
  };
  /**
   * Of a frozen edition: its links that do not stand in its mails as they stand in these texts. They are put in by `asSent`.
   * Missing: there are none.
   */
  links?: CompiledLink[];
  /** About the edition as a whole; those about an article are with its fragment. */
  warnings: string[];
}
