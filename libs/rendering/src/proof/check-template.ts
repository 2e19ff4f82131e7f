import { DomainError, invalidField, invalidInput } from '#kernel/errors/errors.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { EditionCompiler, type EditionInput } from '../edition/edition-compiler.js';
import { foreignNames } from './foreign-names.js';
import { proveTemplate } from './prove-template.js';
import { isTemplateName } from '../edition/template-name.js';
import type { TemplateTrial } from './template-trial.js';
import { splitAtPlaceholders, type PlaceholderName } from '../template/placeholders.js';
import { composeVariant } from '../edition/variant.js';
import type { ArticleView, PublicationView } from '../template/views.js';

/** Bytes of a template given as source. The biggest of ours has 8,000. */
export const MAX_TEMPLATE_BYTES = 200 * 1024;
/** The most first: what is wrong with an article is wrong with three. */
const SAMPLE_SIZES = [3, 1, 0];
/** Law and the mailbox providers ask for the one, and readers for the other. */
const NEEDED_PLACEHOLDERS: readonly PlaceholderName[] = ['unsubscribeUrl', 'preferencesUrl'];

const compiler = new EditionCompiler();

/**
 * Tries a template out before it is stored: compiles it with three articles, one and none, looks for what no mail may lack,
 * and proves that what is joined from its parts is what it would compile to, see `proveTemplate`. To be run in a sandbox: it takes as long as the template makes it.
 * @returns how long it took, in ms
 * @throws DomainError `invalid_input` naming the field, with line and reason: of Liquid ("Line 3: …"), of the MJML that
 *   Liquid makes ("MJML line 12 (mj-text): …"), or saying what is missing or too long
 */
export async function tryTemplate(trial: TemplateTrial): Promise<{ tookMs: number }> {
  const { template, field } = trial;
  if (!isTemplateName(template) && Buffer.byteLength(template) > MAX_TEMPLATE_BYTES) {
    throw invalidField(field, 'too_long', `A template has at most ${MAX_TEMPLATE_BYTES / 1024} KB.`);
  }
  const started = performance.now();
  const foreign = isTemplateName(template) ? [] : foreignNames(template);
  if (foreign.length > 0) throw renamed(invalidInput(foreign), field);
  try {
    for (const size of SAMPLE_SIZES)
      mustHavePlaceholders(await compiler.compile(sampleInput(trial, size)), size);
    await proveTemplate(sampleInput(trial, 0));
  } catch (error) {
    throw renamed(error, field);
  }
  return { tookMs: performance.now() - started };
}

function sampleInput({ template, locale, publication, kind }: TemplateTrial, size: number): EditionInput {
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
function mustHavePlaceholders(compiled: CompiledEdition, size: number): void {
  const ids = compiled.fragments.map(({ articleId }) => articleId);
  for (const count of SAMPLE_SIZES.filter((its) => its <= size)) {
    const variant = composeVariant(compiled, ids.slice(0, count));
    for (const part of ['html', 'text'] as const) {
      const there = splitAtPlaceholders(variant[part]).map((piece) =>
        typeof piece === 'string' ? '' : piece.placeholder,
      );
      const missing = NEEDED_PLACEHOLDERS.find((name) => !there.includes(name));
      if (missing) throw noPlaceholder(missing, part, count);
    }
  }
}

function noPlaceholder(name: PlaceholderName, part: 'html' | 'text', count: number): DomainError {
  const where = part === 'html' ? 'HTML' : 'text';
  const problem = `{{ slot.${name} }} is missing in the ${where} of a mail with ${count} articles.`;
  return invalidField('template', 'missing_slot', problem);
}

function renamed(error: unknown, field: string): unknown {
  if (!(error instanceof DomainError) || !error.errors) return error;
  const errors = error.errors.map((its) => (its.field === 'template' ? { ...its, field } : its));
  return invalidInput(errors, error.message);
}
