import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { SandboxError } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import { chosenFragments } from '../edition/chosen-fragments.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import type { EditionInput } from '../edition/edition-scope.js';
import { isTemplateName } from '../edition/template-name.js';
import { joinVariant, type Variant, type VariantOptions } from '../edition/join-variant.js';
import {
  hasPlainLines,
  isPlain,
  linesOf,
  lineSource,
  type LineSource,
  type VariantLines,
} from '../edition/lines.js';
import type { MailWork, SingleMail } from '../mail/mail-compiler.js';
import type { CompiledMail, MailTemplates } from '../mail/mail-templates.js';
import type { OperatorMail } from '../mail/operator-mail.js';
import type { RenderingTasks } from './rendering-tasks.js';
import type { SubjectDependence } from '../edition/subject-dependence.js';
import type { TemplateTrial } from '../proof/template-trial.js';

/** Writing the lines of up to some thousand variants; a line takes 0.03 ms. */
const LINES_MS = 10_000;
const SECOND_MS = 1_000;
/** Seconds after which another try makes sense where too much is waiting. */
const RETRY_AFTER_S = 10;

type Task = keyof RenderingTasks;

export interface RendererOptions {
  /** For one edition, one preview, one mail. */
  limitMs: number;
  /** Told after each MJML compile. */
  onCompile?: (template: string) => void;
}

/**
 * Runs Liquid and MJML, which operators write, in processes of their own with limits of time and memory. What needs neither
 * it does itself.
 */
export class Renderer implements MailWork {
  constructor(
    private readonly sandbox: Sandbox<RenderingTasks>,
    private readonly options: RendererOptions,
  ) {}

  /**
   * Compiles an edition, see `EditionCompiler`; of an operator's template it proves with these articles that it may be put together
   * from its parts, see `proveEdition`.
   * @throws DomainError `invalid_input` naming `template`, `subject` or `preheader`, also when it takes too long or too much
   *   memory; `unavailable` when too much is waiting
   */
  async compile(input: EditionInput): Promise<CompiledEdition> {
    const compiled = await this.run('compile', input, 'template');
    this.options.onCompile?.(isTemplateName(input.template) ? input.template : 'custom');
    return compiled;
  }

  /** The MJML of an edition, to be looked at. Errors as {@link compile}. */
  mjml(input: EditionInput): Promise<string> {
    return this.run('mjml', input, 'template');
  }

  /**
   * The lines of some sets of an edition's articles, in their order.
   * @throws DomainError `invalid_input` naming `subject` or `preheader` and the line; `not_found` for a foreign article
   */
  async lines(
    source: LineSource | CompiledEdition,
    sets: readonly (readonly string[])[],
  ): Promise<VariantLines[]> {
    if (hasPlainLines(source)) {
      const { subjectTemplate: subject, preheaderTemplate: preheader } = source;
      return sets.map((ids) => linesOf(source, chosenFragments(source, ids), { subject, preheader }));
    }
    const own = 'shell' in source ? lineSource(source) : source;
    return this.run('lines', { source: own, sets }, 'subject', LINES_MS);
  }

  /** A variant with its lines, to be looked at. Errors as {@link lines}. */
  async variant(
    compiled: CompiledEdition,
    articleIds: readonly string[],
    options: VariantOptions = {},
  ): Promise<Variant> {
    const [lines] = await this.lines(compiled, [articleIds]);
    return joinVariant(compiled, articleIds, lines as VariantLines, options);
  }

  /** See `subjectDependence`. */
  async subjectDependence(template: string | null): Promise<SubjectDependence> {
    return isPlain(template)
      ? { leading: 1, count: false }
      : this.run('subjectDependence', template, 'subject');
  }

  /**
   * Tries a template out, see `tryTemplate`.
   * @param limitMs in all
   * @returns how long it took, in ms
   * @throws DomainError `invalid_input` naming the trial's field
   */
  async tryTemplate(trial: TemplateTrial, limitMs: number): Promise<number> {
    const { tookMs } = await this.run('tryTemplate', trial, trial.field, limitMs);
    return tookMs;
  }

  /** The templates of a single mail. Errors as {@link compile}. */
  async mailTemplates(its: MailTemplates): Promise<CompiledMail> {
    const compiled = await this.run('mailTemplates', its, 'template');
    this.options.onCompile?.(its.kind);
    return compiled;
  }

  /** A mail to an operator. Errors as {@link compile}. */
  async operatorMail(its: OperatorMail): Promise<SingleMail> {
    const compiled = await this.run('operatorMail', its, 'template');
    this.options.onCompile?.(its.kind);
    return compiled;
  }

  /** Ends the processes. */
  close(): Promise<void> {
    return this.sandbox.close();
  }

  private async run<K extends Task>(
    task: K,
    input: Parameters<RenderingTasks[K]>[0],
    field: string,
    limitMs = this.options.limitMs,
  ): Promise<Awaited<ReturnType<RenderingTasks[K]>>> {
    try {
      return await this.sandbox.run(task, input, Math.max(1, limitMs));
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      throw Object.assign(inWords(error, field, limitMs), { cause: error });
    }
  }
}

function inWords({ reason }: SandboxError, field: string, limitMs: number): DomainError {
  switch (reason) {
    case 'time': {
      const seconds = Math.max(1, Math.round(limitMs / SECOND_MS));
      return invalidField(field, 'too_slow', `It takes more than ${seconds} seconds. Make it simpler.`);
    }
    case 'memory':
      return invalidField(field, 'too_big', 'It needs more memory than it may. Make it smaller or simpler.');
    case 'busy':
      return unavailable('Too much is being rendered at once.');
    case 'died':
      return unavailable('The process that renders ended before it was done.');
  }
}

function unavailable(why: string): DomainError {
  return new DomainError('unavailable', `${why} Try again in a moment.`, { retryAfter: RETRY_AFTER_S });
}
