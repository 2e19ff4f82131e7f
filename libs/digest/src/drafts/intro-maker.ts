import { Injectable } from '@nestjs/common';
import { GivenContent } from '#content/reading/content-sandboxes.js';
import { prepared } from '#database/prepared.js';
import { DomainError, invalidInput } from '#kernel/errors/errors.js';

/** What the editor says before the articles, as it is written and as it is shown. */
export interface Intro {
  /** Markdown. */
  intro: string | null;
  /** Sanitised. */
  introHtml: string | null;
}

/** Makes HTML of intros, as it is made of articles: in a process of its own, sanitised. */
@Injectable()
export class IntroMaker {
  constructor(private readonly content: GivenContent) {}

  /** @throws DomainError `invalid_input` naming `intro` */
  async columns(intro: string | null, baseUrl: string): Promise<Intro> {
    if (!intro?.trim()) return { intro: null, introHtml: null };
    const source = { source: intro, format: 'markdown', baseUrl } as const;
    try {
      const { html } = await prepared(['story', source], () => this.content.body(source));
      return { intro, introHtml: html || null };
    } catch (error) {
      throw error instanceof DomainError && error.errors ? aboutIntro(error) : error;
    }
  }
}

function aboutIntro(error: DomainError): DomainError {
  const errors = (error.errors ?? []).map((its) => ({ ...its, field: 'intro' }));
  return Object.assign(invalidInput(errors), { cause: error });
}
