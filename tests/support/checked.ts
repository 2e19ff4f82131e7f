import { preferencesInput } from '#audience/choices/preferences.schemas.js';
import { FindReaders } from '#audience/finding/find-readers.service.js';
import { subscriberQuery } from '#audience/finding/reader-query.js';
import { ImportService as ReaderImport } from '#audience/operator/import.service.js';
import { consentStatement, subscriberInput, subscriberPatch } from '#audience/operator/subscriber.schemas.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { TopicService, topicInput, topicPatch } from '#audience/operator/topic.service.js';
import { publicationPatch } from '#audience/publication/publication.schema.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TermsService, termsInput } from '#audience/publication/terms.service.js';
import { PreferencesService } from '#audience/reader/preferences.service.js';
import { SignUpService, signUpInput } from '#audience/reader/sign-up.service.js';
import { SuppressionService, suppressionInput } from '#audience/suppression/suppression.service.js';
import {
  articleInput,
  articlePatch,
  articleQuery,
  correctionInput,
} from '#content/articles/article.schemas.js';
import { ArticleService } from '#content/articles/article.service.js';
import { feedInput, feedPatch, feedQuery } from '#content/feeds/feed.schemas.js';
import { FeedService } from '#content/feeds/feed.service.js';
import { importInput, ImportService } from '#content/import/import.service.js';
import { TransportDkim } from '#delivery/transports/transport-dkim.service.js';
import { TransportTester } from '#delivery/transports/transport-test.service.js';
import {
  dkimInput,
  transportInput,
  transportPatch,
  transportTestInput,
} from '#delivery/transports/transport.schemas.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { transportHookInput } from '#feedback/intake/hooks/hook-input.js';
import { TransportHooks } from '#feedback/intake/hooks/transport-hook.service.js';
import { CorrectionService } from '#digest/corrections/correction.service.js';
import { explainQuery, planInput } from '#digest/explain/explain.schemas.js';
import { ExplainService } from '#digest/explain/explain.service.js';
import { PlanService } from '#digest/explain/plan.service.js';
import {
  digestInput,
  digestPatch,
  digestQuery,
  editionInput,
  editionPatch,
  editionQuery,
  pauseInput,
  scheduleInput,
} from '#digest/model/digest.schemas.js';
import { CalendarService } from '#digest/operator/calendar.service.js';
import { DigestService } from '#digest/operator/digest.service.js';
import { deliveriesQuery, EditionDeliveries } from '#digest/ledger/edition-deliveries.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { calendarQuery, slotQuery } from '#digest/operator/slot.schemas.js';
import { SlotService } from '#digest/operator/slot.service.js';
import { EditionTestService, testInput } from '#digest/preview/edition-test.service.js';
import { TemplateCheckService, templateCheckInput } from '#digest/preview/template-check.service.js';
import { pageQuery } from '#kernel/input/page.js';
import { validate } from '#kernel/input/validate.js';
import type { z } from 'zod';

type Class<T> = abstract new (...args: never[]) => T;
type Schemas<T> = Partial<Record<keyof T, readonly (z.ZodType | undefined)[]>>;

/** What the API checks of a service's arguments, by their place. */
const CHECKS = new Map<unknown, Record<string, readonly (z.ZodType | undefined)[]>>();
const checks = <T>(service: Class<T>, schemas: Schemas<T>) => CHECKS.set(service, schemas as never);

checks(SubscriberService, {
  create: [subscriberInput],
  patch: [undefined, subscriberPatch],
  consents: [undefined, pageQuery],
});
checks(FindReaders, { list: [subscriberQuery] });
checks(ReaderImport, { importCsv: [undefined, consentStatement.nullish()] });
checks(TopicService, { list: [pageQuery], create: [topicInput], update: [undefined, topicPatch] });
checks(PublicationService, { update: [publicationPatch] });
checks(TermsService, { list: [pageQuery], publish: [termsInput] });
checks(PreferencesService, { update: [undefined, preferencesInput] });
checks(SignUpService, { signUp: [signUpInput] });
checks(SuppressionService, { list: [pageQuery], create: [suppressionInput] });
checks(ArticleService, {
  list: [undefined, articleQuery],
  create: [undefined, articleInput],
  patch: [undefined, undefined, articlePatch],
});
checks(FeedService, {
  list: [undefined, feedQuery],
  create: [undefined, feedInput],
  patch: [undefined, undefined, feedPatch],
});
checks(ImportService, { import: [undefined, importInput] });
checks(TransportService, {
  list: [pageQuery],
  create: [transportInput],
  patch: [undefined, transportPatch],
});
checks(TransportDkim, { add: [undefined, dkimInput] });
checks(TransportTester, { test: [undefined, transportTestInput] });
checks(TransportHooks, { set: [undefined, transportHookInput] });
checks(CorrectionService, { correct: [undefined, undefined, correctionInput] });
checks(ExplainService, { explain: [undefined, explainQuery] });
checks(PlanService, { plan: [undefined, planInput] });
checks(CalendarService, { list: [calendarQuery] });
checks(DigestService, { list: [digestQuery], create: [digestInput], patch: [undefined, digestPatch] });
checks(EditionService, {
  list: [editionQuery],
  createDraft: [undefined, editionInput],
  patch: [undefined, editionPatch],
  schedule: [undefined, scheduleInput],
  pause: [undefined, pauseInput],
});
checks(EditionDeliveries, { list: [undefined, deliveriesQuery] });
checks(SlotService, { list: [slotQuery] });
checks(EditionTestService, { send: [undefined, testInput] });
checks(TemplateCheckService, { check: [templateCheckInput] });

/** A service as it is reached from outside: it may be sent anything. */
export type Checked<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: { [Place in keyof Args]?: unknown }) => Promise<Result>
    : T[Name];
};

type Known =
  | FindReaders
  | SubscriberService
  | ReaderImport
  | TopicService
  | PublicationService
  | TermsService
  | PreferencesService
  | SignUpService
  | SuppressionService
  | ArticleService
  | FeedService
  | ImportService
  | TransportService
  | TransportDkim
  | TransportTester
  | TransportHooks
  | CorrectionService
  | ExplainService
  | PlanService
  | CalendarService
  | DigestService
  | EditionService
  | EditionDeliveries
  | SlotService
  | EditionTestService
  | TemplateCheckService;
export type Served<T> = T extends Known ? Checked<T> : T;

/**
 * A service as the API serves it: its input is checked, so that a test can send it what a caller of the API would, texts for times
 * and rubbish. Without an argument it is `{}`. A service that takes no input is given as it is.
 */
export function served<T>(service: T): Served<T> {
  const schemas = CHECKS.get((service as object).constructor);
  return (schemas ? throughChecks(service as object, schemas) : service) as Served<T>;
}

function throughChecks(service: object, schemas: Record<string, readonly (z.ZodType | undefined)[]>): object {
  return new Proxy(service, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      const its = schemas[String(name)];
      if (!its) return method.bind(target) as unknown;
      return async (...args: unknown[]) =>
        (await Reflect.apply(method, target, checkedArguments(args, its))) as unknown;
    },
  });
}

function checkedArguments(args: unknown[], schemas: readonly (z.ZodType | undefined)[]): unknown[] {
  return Array.from({ length: Math.max(args.length, schemas.length) }, (_, at) => {
    const schema = schemas[at];
    if (!schema) return args[at];
    const isThere = args[at] !== undefined || schema.safeParse(undefined).success;
    return validate(schema, isThere ? args[at] : {});
  });
}
