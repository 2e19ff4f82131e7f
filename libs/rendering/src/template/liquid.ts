import { createHash } from 'node:crypto';
import { Liquid, LiquidError, type Template } from 'liquidjs';
import { invalidField, type DomainError } from '#kernel/errors/errors.js';
import { readTemplates, type TemplateFolder } from './template-files.js';
import { translate } from './locales.js';

/** Characters of source. The biggest of ours has under 10,000. */
const PARSE_LIMIT = 1_000_000;
/** Milliseconds of one render. An edition of 100 articles takes under 20. */
const RENDER_LIMIT_MS = 2_000;
/** Objects and characters a render may make; bounds `{% for i in (1..1e9) %}` and string doubling. */
const MEMORY_LIMIT = 50_000_000;

/** Characters of a result. An edition of 100 articles has under 500,000. */
const OUTPUT_LIMIT = 2_000_000;
/** Filters that run Liquid which stands in a string: nothing tells what they will do, and each costs a render for each item. */
const FILTERS_WITH_CODE = /_exp$/;

type LiquidFolder = Exclude<TemplateFolder, 'locales'>;

const engines = new Map<string, Liquid>();
const folders = new Map<LiquidFolder, Record<string, string>>();

function filesOf(folder: LiquidFolder): Record<string, string> {
  const files = folders.get(folder) ?? readTemplates(folder);
  folders.set(folder, files);
  return files;
}

/** Tells whether a folder of templates has a file. */
export function templateExists(folder: LiquidFolder, file: string): boolean {
  return Object.hasOwn(filesOf(folder), file);
}

/**
 * The Liquid engine of a folder of templates.
 *
 * Unknown variables and filters are errors; a template sees only its folder (the files are handed over as a map, so
 * there is no file system to reach); it cannot run code, not even Liquid that stands in a string; and time and memory are
 * bounded. Adds the filter
 * `{{ 'mail.read_on' | t: name: value }}`, which looks up a text in the render's `locale`.
 * @param output `html` escapes every output, unless the template says `| raw`
 */
export function liquidFor(folder: LiquidFolder, output: 'html' | 'text'): Liquid {
  const key = `${folder} ${output}`;
  const known = engines.get(key);
  if (known) return known;
  const engine = new Liquid({
    // Without a prototype: else `{% include 'constructor' %}` would find something.
    templates: Object.assign(Object.create(null), filesOf(folder)) as Record<string, string>,
    outputEscape: output === 'html' ? 'escape' : undefined,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    cache: true,
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  });
  engine.registerFilter('t', function (name: string, ...args: unknown[]) {
    const vars = Object.fromEntries(args as [string, string][]);
    return translate(String(this.context.getSync(['locale'])), name, vars);
  });
  for (const name of Object.keys(engine.filters)) {
    if (FILTERS_WITH_CODE.test(name)) Reflect.deleteProperty(engine.filters, name);
  }
  // LiquidJS draws anew each time: what is compiled twice, for a preview or a proof, would come out different.
  engine.registerFilter('sample', function (list: unknown, count?: unknown) {
    return sampled(list, count, (this.context.environments as { date?: unknown }).date);
  });
  engines.set(key, engine);
  return engine;
}

/** Some of a list, by what is in it and by the day. @param count none given: one alone, not in a list */
function sampled(list: unknown, count: unknown, day: unknown): unknown {
  const from: unknown[] = Array.isArray(list) ? list : [list];
  if (from.length === 0) return count === undefined ? undefined : [];
  const hash = createHash('sha256').update(JSON.stringify([from, day]));
  const at = hash.digest().readUInt32BE(0) % from.length;
  const rotated = [...from.slice(at), ...from.slice(0, at)];
  return count === undefined ? rotated[0] : rotated.slice(0, Number(count));
}

/**
 * Parses a template's source.
 * @param field what to call it in an error: `subject`, `template`
 * @throws DomainError `invalid_input` naming the field and the line
 */
export function parseTemplate(engine: Liquid, source: string, field: string): Template[] {
  return naming(field, () => engine.parse(source));
}

/** Parses a file of the engine's folder. Errors as {@link parseTemplate}. */
export function parseTemplateFile(engine: Liquid, file: string, field: string): Template[] {
  return naming(field, () => engine.parseFileSync(file));
}

/** Renders a parsed template. Errors as {@link parseTemplate}. */
export function renderTemplate(engine: Liquid, template: Template[], scope: object, field: string): string {
  const text = naming(field, () => engine.renderSync(template, scope) as string);
  if (text.length > OUTPUT_LIMIT) {
    throw invalidField(field, 'too_long', `It makes a text of more than ${OUTPUT_LIMIT} characters.`);
  }
  return text;
}

function naming<T>(field: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw templateError(field, error);
  }
}

function templateError(field: string, error: unknown): DomainError {
  if (!LiquidError.is(error)) {
    return invalidField(field, 'invalid_template', error instanceof Error ? error.message : String(error));
  }
  const [line] = error.token.getPosition();
  const problem = error.message.split(', file:')[0]?.replace(/, line:\d+, col:\d+.*$/s, '') ?? '';
  const file = error.token.file ? ` of ${error.token.file}` : '';
  return invalidField(field, 'invalid_template', `Line ${line}${file}: ${problem}.`);
}
