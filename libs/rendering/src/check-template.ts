import { DomainError, invalidField, invalidInput } from '#kernel/errors.js';
import { withinTime } from '#kernel/time-limit.js';
import type { CompiledEdition } from './compiled-edition.js';
import { EditionCompiler, type EditionInput } from './edition-compiler.js';
import { isTemplateName } from './edition-template.js';
import { loadMjml } from './mjml.js';
import { splitSlots, type SlotName } from './slots.js';
import { composeVariant } from './variant.js';
import type { ArticleView, PublicationView } from './views.js';

/** Bytes of a template given as source. The biggest of ours has 8,000. */
export const MAX_TEMPLATE_BYTES = 200 * 1024;
/** For all that is tried out for one request: it blocks the process. The three compiles of one of ours take 0.1 s. */
const TIME_LIMIT_MS = 6_000;
/** The most first: what is wrong with an article is wrong with three. */
const SAMPLE_SIZES = [3, 1, 0];
/** Law and the mailbox providers ask for the one, and readers for the other. */
const NEEDED_SLOTS: readonly SlotName[] = ['unsubscribeUrl', 'preferencesUrl'];

const compiler = new EditionCompiler();

/** What is left of the time for trying out the templates of one request. */
export class TemplateTime {
  /** @param left milliseconds */
  constructor(private left = TIME_LIMIT_MS) {}

  /** @returns what it returns; null: it was stopped, for its time or that of the others was over */
  async spend<T>(run: () => Promise<T>): Promise<T | null> {
    const started = performance.now();
    try {
      return await withinTime(this.left, run);
    } finally {
      this.left -= performance.now() - started;
    }
  }
}

/**
 * Tries a template out before it is stored: compiles it with three articles, one and none, and looks for what no mail
 * may lack. Blocks the process for what is left of the time at most, whatever the template does.
 * @param template the name of one of ours, or MJML with Liquid
 * @param field what to call it in an error: `templates.de`
 * @param kind of the editions it is for
 * @param time shared by all that one request brings
 * @throws DomainError `invalid_input` naming the field, with line and reason: of Liquid ("Line 3: …"), of the MJML that
 *   Liquid makes ("MJML line 12 (mj-text): …"), or saying what is missing, too long or too slow
 */
export async function checkTemplateSource(
  template: string,
  locale: string,
  publication: PublicationView,
  field = 'template',
  kind: EditionInput['kind'] = 'regular',
  time = new TemplateTime(),
): Promise<void> {
  if (!isTemplateName(template) && Buffer.byteLength(template) > MAX_TEMPLATE_BYTES) {
    throw invalidField(field, 'too_long', `A template has at most ${MAX_TEMPLATE_BYTES / 1024} KB.`);
  }
  loadMjml();
  try {
    for (const size of SAMPLE_SIZES) {
      const input = sampleInput(template, locale, publication, kind, size);
      const compiled = await time.spend(() => compiler.compile(input));
      if (!compiled) throw tooSlow();
      mustHaveSlots(compiled, size);
    }
  } catch (error) {
    throw renamed(error, field);
  }
}

function sampleInput(
  template: string,
  locale: string,
  publication: PublicationView,
  kind: EditionInput['kind'],
  size: number,
): EditionInput {
  const articles = Array.from({ length: size }, (_, index) => sampleArticle(index, publication));
  const note = 'What was wrong is right now.';
  const date = new Date(0);
  return { template, locale, publication, title: 'Sample', subject: null, date, articles, kind, note };
}

/** The second has nothing that an article may lack. */
function sampleArticle(index: number, { baseUrl }: PublicationView): ArticleView {
  const full = index !== 1;
  return {
    id: String(index),
    title: `Sample story ${index + 1}`,
    url: `${baseUrl.replace(/\/+$/, '')}/sample-${index + 1}`,
    summary: full ? 'What happened, in a sentence.' : '',
    html: '<p>The whole story.</p>',
    text: 'The whole story.',
    author: full ? 'A. Reporter' : null,
    imageUrl: full ? `${baseUrl.replace(/\/+$/, '')}/sample.jpg` : null,
    publishedAt: full ? new Date(0) : null,
    topics: full ? ['Topic', 'Other'] : [],
  };
}

/** Those who get fewer articles get the same content composed anew, so each number of them is looked at. */
function mustHaveSlots(compiled: CompiledEdition, size: number): void {
  const ids = compiled.fragments.map(({ articleId }) => articleId);
  for (const count of SAMPLE_SIZES.filter((its) => its <= size)) {
    const variant = composeVariant(compiled, ids.slice(0, count));
    for (const part of ['html', 'text'] as const) {
      const slots = splitSlots(variant[part]).map((piece) => (typeof piece === 'string' ? '' : piece.slot));
      const missing = NEEDED_SLOTS.find((slot) => !slots.includes(slot));
      if (missing) throw noSlot(missing, part, count);
    }
  }
}

function noSlot(slot: SlotName, part: 'html' | 'text', count: number): DomainError {
  const where = part === 'html' ? 'HTML' : 'text';
  const problem = `{{ slot.${slot} }} is missing in the ${where} of a mail with ${count} articles.`;
  return invalidField('template', 'missing_slot', problem);
}

function tooSlow(): DomainError {
  const problem = `It takes more than ${TIME_LIMIT_MS / 1000} seconds to try it out, with the other templates given.`;
  return invalidField('template', 'too_slow', problem);
}

function renamed(error: unknown, field: string): unknown {
  if (!(error instanceof DomainError) || !error.errors) return error;
  const errors = error.errors.map((its) => (its.field === 'template' ? { ...its, field } : its));
  return invalidInput(errors, error.message);
}
