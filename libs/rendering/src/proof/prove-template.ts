import { articleSets } from '../edition/article-sets.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { EditionCompiler, type EditionInput } from '../edition/edition-compiler.js';
import { JoinProof } from './join-proof.js';
import { literalsOf, sampleArticles } from './sample-articles.js';

/** Articles a template is tried with; more if it asks for a larger number of them. */
const SAMPLES = 24;
/** No edition has more. */
const MOST_ARTICLES = 100;
/** Of these some are compiled too: MJML takes thirty times as long as Liquid, and can't tell how many there are. */
const COMPILED_SAMPLES = 6;
/** None, the bare one, one that has all, both, and those without these. */
const COMPILED_SETS = [[], [1], [0], [0, 1], [2, 3, 4, 5]];

const compiler = new EditionCompiler();

/**
 * Proves, as far as trying can, that a template keeps what joining relies on: a mail that is put together from an edition's
 * parts is the mail that would have been compiled with just its articles. Sample articles, some with the very texts and
 * numbers that the template asks for, are made to mails both ways. The same template gets the same answer each time.
 * @param input an edition; its articles are not looked at
 * @throws DomainError `invalid_input` about `template`, naming the line and what to do instead
 */
export async function proveTemplate(input: EditionInput): Promise<void> {
  const literals = literalsOf(input.template);
  const { baseUrl } = input.publication;
  const few = { ...input, articles: sampleArticles(COMPILED_SAMPLES, baseUrl) };
  await new JoinProof(few, await compiler.compile(few)).run([], COMPILED_SETS);

  const numbers = literals.numbers.filter((its) => its <= MOST_ARTICLES);
  const count = Math.max(SAMPLES, ...numbers.map((its) => its + 2));
  const many = { ...input, articles: sampleArticles(count, baseUrl, literals) };
  const sizes = numbers.flatMap((its) => [its - 1, its, its + 1]);
  await new JoinProof(many).run(articleSets(many.articles.length, sizes));
}

/**
 * The same of an edition with the very articles it is sent with: for templates that were stored before they were proved, and
 * for what samples do not show.
 * @throws DomainError as {@link proveTemplate}
 */
export async function proveEdition(input: EditionInput, compiled: CompiledEdition): Promise<void> {
  const count = input.articles.length;
  if (count === 0) return;
  const compiledToo = count === 1 ? [[]] : [[], [count - 1]];
  await new JoinProof(input, compiled).run(articleSets(count), compiledToo);
}
