import { serveTasks } from '#kernel/sandbox/serve-tasks.js';
import { tryTemplate } from '../proof/check-template.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { EditionCompiler } from '../edition/edition-compiler.js';
import { compileMailTemplates } from '../mail/mail-templates.js';
import { compileOperatorMail } from '../mail/operator-mail.js';
import type { LineSource, VariantLines } from '../edition/lines.js';
import { proveEdition } from '../proof/prove-template.js';
import { subjectDependence } from '../edition/subject-dependence.js';
import { isTemplateName } from '../edition/template-name.js';
import { linesOfSets } from '../edition/variant-lines.js';
import type { EditionInput } from '../edition/edition-scope.js';

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
