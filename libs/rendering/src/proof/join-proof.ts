import { invalidField, type DomainError } from '#kernel/errors/errors.js';
import type { CompiledEdition } from '../edition/compiled-edition.js';
import { EditionCompiler, type EditionInput } from '../edition/edition-compiler.js';
import { joinVariant } from '../edition/join-variant.js';
import { readable, withoutNonces } from '../template/sentinel.js';
import { essence, SourceJoin } from '../edition/source-join.js';
import { differingLine, numberLines } from '../edition/source-lines.js';
import { isTemplateName } from '../edition/template-name.js';

/** Sets of which Liquid makes something else than joining: each costs a compile, and nearly always the first one tells. */
const MOST_SUSPECTS = 6;
/** Sets that are compiled where what Liquid makes can't be taken apart. */
const MOST_UNSEEN = 8;
/** A second passes between two compiles now and then, but not each time. */
const TRIES_AGAIN = 2;
/** Characters of the mail or the template that are quoted, so that the place is found. */
const QUOTED = 80;
/** MJML joins two parts for Outlook that follow each other, unless a mark stands between them, which makes no difference. */
const SEAM = /<!\[endif\]--><!--\[ifmso\|IE\]>/g;
/** They are not what is proved. */
const LINES = { subject: 'Subject', preheader: 'Preheader' };

const compiler = new EditionCompiler();

/** Compares mails of some of an edition's articles, joined from its parts and compiled directly. */
export class JoinProof {
  private readonly input: EditionInput;

  /** @param all the edition compiled, if it is at hand */
  constructor(
    input: EditionInput,
    private all?: CompiledEdition | undefined,
  ) {
    this.input = { ...input, subject: null };
    delete this.input.preheader;
  }

  /**
   * @param sets looked at as Liquid makes them, before MJML, and compiled where that differs
   * @param compiledToo compiled in any case
   * @throws DomainError `invalid_input` about `template`, naming the line and what to do instead
   */
  async run(sets: readonly number[][], compiledToo: readonly number[][] = []): Promise<void> {
    for (const set of [...this.suspects(sets), ...compiledToo]) {
      const difference = await this.difference(set);
      if (difference !== null) throw this.refusal(set, difference);
    }
  }

  private suspects(sets: readonly number[][]): number[][] {
    if (sets.length === 0) return [];
    const sources = this.sources(this.input);
    if (sources.length === 0) {
      const step = Math.ceil(sets.length / MOST_UNSEEN);
      return sets.filter((_, at) => at % step === 0);
    }
    return sets.filter((set) => sources.some((its) => its.differs(set))).slice(0, MOST_SUSPECTS);
  }

  /** A template given as source has a text part of ours. */
  private sources(input: EditionInput): SourceJoin[] {
    const outputs = isTemplateName(input.template) ? (['html', 'text'] as const) : (['html'] as const);
    return outputs.flatMap((output) => SourceJoin.of(input, output) ?? []);
  }

  /** The clock may have gone on between the two (`'now' | date: '%H:%M'`), so what differs is made once more, both of it. */
  private async difference(set: readonly number[]): Promise<string | null> {
    let found = await this.compare(set);
    for (let again = 0; found !== null && again < TRIES_AGAIN; again++) {
      this.all = undefined;
      found = await this.compare(set);
    }
    return found;
  }

  /** @returns null: they are the same; else the mail from where they differ */
  private async compare(set: readonly number[]): Promise<string | null> {
    this.all ??= await compiler.compile(this.input);
    const articles = set.flatMap((at) => this.input.articles[at] ?? []);
    const alone = await compiler.compile({ ...this.input, articles });
    const ids = articles.map(({ id }) => id);
    const [joined, direct] = [this.all, alone].map((its) => joinVariant(its, ids, LINES, { more: true }));
    for (const part of ['html', 'text'] as const) {
      const [a, b] = [joined, direct].map((its) =>
        essence(withoutNonces(its?.[part] ?? '')).replace(SEAM, ''),
      );
      if (a !== b) return firstDifference(joined?.[part] ?? '', direct?.[part] ?? '');
    }
    return null;
  }

  private refusal(set: readonly number[], difference: string): DomainError {
    const found = this.place(set);
    const place = found?.line ? `Line ${found.line}: ` : '';
    const near = quote(found?.text || difference);
    switch (found?.where) {
      case 'outside':
        return refused(
          `${place}what stands here depends on which articles there are, outside of {{ article.begin }} and {{ mark.end }}, ` +
            `near: ${near}. Each reader's mail is put together from the parts between these marks, so one who gets other articles would ` +
            'be told of these. A list of the articles has each between {{ article.entry }} and {{ mark.end }}; how many there are ' +
            'is {{ mark.count }}; what a mail without articles says goes between {{ mark.empty }} and {{ mark.end }}.',
        );
      case 'inside':
        return refused(
          `${place}what stands between the marks of an article depends on the other articles, or on how many there are, near: ` +
            `${near}. A reader may get it with others or alone. For the first of several use {{ mark.lead }}, for the others ` +
            '{{ mark.brief }}, for one alone {{ mark.full }}; nothing else of the other articles is known there.',
        );
      case undefined:
        return refused(
          `${this.lineOfArticles()}the components between {{ article.begin }} and {{ mark.end }} change the rest of the mail, near: ` +
            `${near}. Mark whole sections, or the content of one column, not the columns of a section; and use each component ` +
            'that an article may lack (a picture, a button) somewhere outside of the marks too, or write it in <mj-text>.',
        );
    }
  }

  /** Where Liquid makes the difference; null: it is MJML that does. */
  private place(
    set: readonly number[],
  ): { where: 'outside' | 'inside'; line?: number; text?: string } | null {
    const source = this.sources(this.input).find((its) => its.differs(set));
    if (!source) return null;
    const [joined, direct] = [source.joined(set), source.direct(set)];
    const where = essence(joined.shell) === essence(direct.shell) ? 'inside' : 'outside';
    const { template } = this.input;
    const numbered = isTemplateName(template)
      ? null
      : SourceJoin.of({ ...this.input, template: numberLines(template) }, 'html');
    if (!numbered) return { where };
    const [ours, theirs] = [numbered.joined(set), numbered.direct(set)];
    const part = where === 'outside' ? 'shell' : 'whole';
    const found = differingLine(ours[part], theirs[part]);
    if (!found) return { where };
    const written = template.split('\n')[found.line - 1]?.trim() ?? '';
    return { where, line: found.line, text: written.length <= QUOTED ? written : found.text };
  }

  private lineOfArticles(): string {
    const at = this.input.template.indexOf('article.begin');
    return at < 0 ? '' : `Line ${this.input.template.slice(0, at).split('\n').length}: `;
  }
}

function refused(problem: string): DomainError {
  return invalidField(
    'template',
    'depends_on_articles',
    problem.replace(/^[a-z]/, (letter) => letter.toUpperCase()),
  );
}

function quote(text: string): string {
  return readable(text).trim().slice(0, QUOTED);
}

/** The first of two texts from the word in which they differ. */
function firstDifference(a: string, b: string): string {
  const [ours, theirs] = [a, b].map((its) => its.trim().split(/\s+/));
  const from = (ours ?? []).findIndex((word, at) => word !== theirs?.[at]);
  return (ours ?? []).slice(Math.max(0, from)).join(' ');
}
