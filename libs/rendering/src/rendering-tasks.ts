import { serveTasks } from '#kernel/sandbox/serve-tasks.js';
import { tryTemplate } from './check-template.js';
import type { CompiledEdition } from './compiled-edition.js';
import { EditionCompiler } from './edition-compiler.js';
import { compileMailTemplates } from './mail-templates.js';
import { compileOperatorMail } from './operator-mail.js';
import type { LineSource, VariantLines } from './lines.js';
import { proveEdition } from './prove-template.js';
import { subjectDependence } from './subject-dependence.js';
import { isTemplateName } from './template-name.js';
import { linesOfSets } from './variant-lines.js';
import type { EditionInput } from './edition-scope.js';

const compiler = new EditionCompiler();

/** An operator's own template is proved with the very articles; ours are in tests. */
async function compileProved(input: EditionInput): Promise<CompiledEdition> {
  const compiled = await compiler.compile(input);
  if (!isTemplateName(input.template)) await proveEdition(input, compiled);
  return compiled;
}

/** All that runs Liquid or MJML on an operator's words. Served in a process of its own; called through `Renderer`. */
const tasks = {
  compile: compileProved,
  mjml: (input: EditionInput) => compiler.mjml(input),
  lines: ({ source, sets }: { source: LineSource; sets: readonly (readonly string[])[] }): VariantLines[] =>
    linesOfSets(source, sets),
  subjectDependence: (template: string | null) => subjectDependence(template),
  tryTemplate,
  mailTemplates: compileMailTemplates,
  operatorMail: compileOperatorMail,
};
export type RenderingTasks = typeof tasks;

serveTasks(tasks);
