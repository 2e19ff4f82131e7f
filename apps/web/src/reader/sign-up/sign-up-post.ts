import type { SignUpContext } from '#audience/reader/sign-up.service.js';
import { readUrl } from '#kernel/input/read-url.js';
import { timesOf } from '../page/choice-lists.js';
import { textOf, type FormFields } from '../../http/form-body.js';
import { zoneOrNone } from '../page/time-zones.js';

/** Named like something a bot likes to fill in; people never see it. */
export const TRAP_FIELD = 'website';

/** What a request says beside its fields. */
export interface PostFacts {
  isJson: boolean;
  referer: string | undefined;
  /** The site's own origin. */
  origin: string;
}

/** The page a sign-up came from: as the form says, else the page before if it is one of ours. */
export function pageUrlOf(
  fields: FormFields,
  { referer, origin }: Omit<PostFacts, 'isJson'>,
): string | undefined {
  const given = textOf(fields, 'pageUrl');
  if (given && /^https?:$/.test(readUrl(given)?.protocol ?? '')) return given;
  return referer && readUrl(referer)?.origin === origin ? referer : undefined;
}

/** Which form it was. JSON without a known name is a program's. */
export function formOf(fields: FormFields, isJson: boolean): SignUpContext['form'] {
  const given = textOf(fields, 'form');
  if (given === 'embed' || (given === 'article' && !isJson)) return given;
  return isJson ? 'json' : 'subscribe';
}

/** Whether a bot filled in what people cannot see. */
export function isTrapped(fields: FormFields): boolean {
  return (textOf(fields, TRAP_FIELD) ?? '') !== '';
}

/**
 * Whether the reader saw other words than would be recorded: the form was loaded before the wording or the terms
 * changed. Who sends neither (a program) saw none.
 */
export function sawOtherWords(fields: FormFields, sentence: string, termsVersion: number): boolean {
  const [shown, version] = [textOf(fields, 'sentence'), textOf(fields, 'termsVersion')];
  // Browsers turn line breaks into CRLF and nothing else; the sentence is one line.
  return (
    (shown !== undefined && shown !== sentence) || (version !== undefined && version !== String(termsVersion))
  );
}

/**
 * The input of a sign-up. What a browser filled in by itself and is no good is dropped: the reader did not type it and
 * could not mend it. A program is told.
 */
export function inputOf(
  fields: FormFields,
  form: SignUpContext['form'],
  locale: string,
  pageUrl: string | undefined,
): FormFields {
  const input = { locale, ...fields };
  if (form === 'json') return input;
  return { ...input, ...timesOf(fields), pageUrl, timeZone: zoneOrNone(textOf(fields, 'timeZone')) };
}
