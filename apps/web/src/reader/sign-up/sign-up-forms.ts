import { Injectable } from '@nestjs/common';
import { MEASUREMENT } from '#audience/measurement/purposes.js';
import { Choices } from '#audience/choices/choices.js';
import { TermsService, type Terms } from '#audience/publication/terms.service.js';
import { CADENCES } from '#database/schema/index.js';
import { Config } from '#kernel/config/config.js';
import type { FieldError } from '#kernel/errors/errors.js';
import { choiceLists } from '../page/choice-lists.js';
import { fieldMessages, type FieldMessage } from '../page/field-messages.js';
import { listOf, textOf, type FormFields } from '../../http/form-body.js';
import { rootPath } from '../page/page-layout.js';
import type { PageContext } from '../page/pages.js';
import { timeZones } from '../page/time-zones.js';
import { wordingOf, type Wording } from '../page/wording.js';

/** `article`: the short form under a story; `subscribe`: with all that can be chosen. */
export type SignUpFormKind = 'article' | 'subscribe';

/** What was typed, and what was wrong with it. */
export interface SignUpFormState {
  pageUrl?: string | undefined;
  values?: FormFields;
  errors?: readonly FieldError[];
}

interface Option {
  value: string;
  name: string;
  isChosen: boolean;
}

/** Everything `templates/pages/sign-up-form.liquid` shows. */
export interface SignUpFormView {
  kind: SignUpFormKind;
  pageUrl: string;
  wording: Wording;
  terms: { version: number; url: string };
  values: {
    email: string;
    name: string;
    timeZone: string;
    cadence: string;
    weekday: string;
    hour: string;
    alerts: boolean;
    measurement: boolean;
  };
  errors: FieldMessage[];
  /** The same by field. */
  messages: Record<string, string>;
  isFull: boolean;
  digests: Option[];
  topics: Option[];
  lists: ReturnType<typeof choiceLists>;
  timeZones: string[];
}

/** Makes the sign-up form as the page's language has it. */
@Injectable()
export class SignUpForms {
  constructor(
    private readonly terms: TermsService,
    private readonly choices: Choices,
    private readonly config: Config,
  ) {}

  async view(
    context: PageContext,
    kind: SignUpFormKind,
    { pageUrl = '', values = {}, errors = [] }: SignUpFormState = {},
  ): Promise<SignUpFormView> {
    const isFull = kind === 'subscribe';
    const [terms, offer] = await Promise.all([
      this.terms.current(context.locale),
      isFull ? this.choices.offer(context.publication.id) : { digests: [], topics: [] },
    ]);
    const messages = fieldMessages(context.locale, errors);
    const [digests, topics] = [listOf(values, 'digests'), listOf(values, 'topics')];
    const isFresh = Object.keys(values).length === 0;
    return {
      kind,
      pageUrl,
      wording: wordingOf(context.publication, context.locale),
      terms: { version: terms.version, url: termsPath(terms, this.config.baseUrl) },
      values: {
        email: textOf(values, 'email') ?? '',
        name: textOf(values, 'name') ?? '',
        timeZone: textOf(values, 'timeZone') ?? '',
        cadence: textOf(values, 'cadence') ?? CADENCES[0],
        weekday: textOf(values, 'weekday') ?? '',
        hour: textOf(values, 'hour') ?? '',
        alerts: textOf(values, 'alerts') !== undefined,
        measurement: listOf(values, 'purposes').includes(MEASUREMENT),
      },
      errors: messages,
      messages: Object.fromEntries(messages.map(({ field, message }) => [field, message])),
      isFull,
      // With a single digest there is nothing to choose.
      digests: (offer.digests.length > 1 ? offer.digests : []).map(({ id, name, isDefault }) => ({
        value: id,
        name,
        isChosen: isFresh ? isDefault : digests.includes(id),
      })),
      topics: offer.topics.map(({ id, name }) => ({ value: id, name, isChosen: topics.includes(id) })),
      lists: choiceLists(context.locale),
      timeZones: isFull ? timeZones() : [],
    };
  }
}

/** Where a version of the terms is to be read. */
export function termsPath(terms: Pick<Terms, 'version' | 'locale'>, baseUrl: string): string {
  return `${rootPath(baseUrl)}/terms/${terms.version}?lang=${encodeURIComponent(terms.locale)}`;
}
