import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { PublicationService } from '#audience/publication/publication.service.js';
import { DomainError } from '#kernel/errors/errors.js';
import { LOCALES } from '#rendering/template/locales.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { template } from '../model/digest.schemas.js';
import { checkTemplates } from '../model/digest-template.js';
import { publicationView } from '../model/publication-view.js';

/** `POST /templates/check`. */
export const templateCheckInput = z
  .strictObject({
    template: template.describe('MJML with Liquid, or the name of a template of ours.'),
    locale: z
      .enum(LOCALES)
      .optional()
      .describe('In which language it is tried out. Default: the publication’s.'),
    kind: z
      .enum(['regular', 'alert'])
      .default('regular')
      .describe('`alert`: as the template of a digest’s alerts.'),
  })
  .meta({ id: 'TemplateCheck' });
export type TemplateCheckInput = z.output<typeof templateCheckInput>;

/** Something for which a template is refused. */
export interface TemplateProblem {
  /** Of the template; null: it is about the whole, or about a line of the MJML that Liquid makes of it. */
  line: number | null;
  code: string;
  message: string;
}

/** What would become of a template if a digest were given it. */
export interface TemplateReport {
  accepted: boolean;
  problems: TemplateProblem[];
}

/** Checks templates without storing them. */
@Injectable()
export class TemplateCheckService {
  constructor(
    private readonly publications: PublicationService,
    private readonly renderer: LookRenderer,
  ) {}

  /**
   * Tries a template out just as it is tried when a digest is given it.
   * @throws DomainError `unavailable`
   */
  async check({ template: source, locale, kind }: TemplateCheckInput): Promise<TemplateReport> {
    const own = publicationView(await this.publications.current());
    const asked = kind === 'alert' ? { alertTemplate: source } : { template: source };
    try {
      await checkTemplates(this.renderer, asked, { ...own, locale: locale ?? own.locale });
      return { accepted: true, problems: [] };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid_input' || !error.errors) throw error;
      return { accepted: false, problems: error.errors.flatMap(problemsOf) };
    }
  }
}

/** MJML says all that it finds, a line each. */
function problemsOf({ code, message }: { code: string; message: string }): TemplateProblem[] {
  return message.split('\n').map((text) => {
    const line = /^Line (\d+)\b/.exec(text)?.[1];
    return { line: line === undefined ? null : Number(line), code, message: text };
  });
}
