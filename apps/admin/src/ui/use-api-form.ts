import { useForm } from '@mantine/form';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { noticeEndOfSession } from '../api/query-client';
import { Problem, type FieldError } from '../api/problem';
import { messageOf } from './states';

/** The value of a number field that may be empty. */
export type Amount = number | '';

/** A number that the API wants. Left empty it is not sent, and the answer says that it is missing. */
export const wanted = (amount: Amount) => (amount === '' ? undefined : amount) as number;

interface ApiFormOptions<V, R> {
  initial: V;
  send: (values: V) => Promise<R>;
  done?: (result: R, values: V) => unknown;
}

/**
 * A form of Mantine's whose values have the names of the API's fields (`theme.accentColor` is a path), so that what a problem
 * says about a field appears at that field; everything else it says appears in `error`.
 */
export function useApiForm<V extends object, R>({ initial, send, done }: ApiFormOptions<V, R>) {
  const [failure, setFailure] = useState<unknown>();
  const [saved, setSaved] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  const form = useForm<V>({
    mode: 'controlled',
    initialValues: initial,
    onValuesChange: () => setSaved(false),
    enhanceGetInputProps: ({ field }) => ({ name: field }),
  });

  useEffect(() => {
    if (failure) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  const attempt = async (values: V) => {
    setFailure(undefined);
    try {
      const result = await send(values);
      await done?.(result, values);
      setSaved(true); // also after `done` has emptied a field: a secret that has gone out is not shown again
    } catch (error) {
      noticeEndOfSession(error);
      form.setErrors(messagesAt(values, errorsOf(error)));
      setFailure(error);
    }
  };
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!form.submitting) form.onSubmit(attempt)();
  };
  return {
    ...form,
    /** It was sent and nothing changed since. */
    saved,
    /** What went wrong that is not said at a field. */
    error: failure ? textOf(failure, form.values) : undefined,
    formProps: { ref, onSubmit, noValidate: true },
  };
}

const errorsOf = (failure: unknown) => (failure instanceof Problem ? failure.errors : []);

/** The paths of a form's fields. */
function pathsOf(values: object, at = ''): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? pathsOf(value, `${at}${name}.`)
      : [`${at}${name}`],
  );
}

/** Whether a problem's field (`to.0`) belongs to a form's field (`to`). */
function isAbout(error: FieldError, path: string): boolean {
  return error.field === path || error.field.startsWith(`${path}.`);
}

function messagesAt(values: object, errors: readonly FieldError[]): Record<string, string> {
  const found = pathsOf(values).map((path) => [path, errors.find((error) => isAbout(error, path))] as const);
  return Object.fromEntries(
    found.flatMap(([path, error]) => (error ? [[path, messageAt(error, valueAt(values, path))]] : [])),
  );
}

/** Of what is missing the server says what it wants; of what is empty only that it is too short. */
function messageAt({ code, message }: FieldError, value: unknown): string {
  return code !== 'required' && value === '' ? 'Fill this in.' : message;
}

function valueAt(values: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], values);
}

function textOf(failure: unknown, values: object): string | undefined {
  const errors = errorsOf(failure);
  if (errors.length === 0) return messageOf(failure);
  const paths = pathsOf(values);
  const elsewhere = errors.filter((error) => !paths.some((path) => isAbout(error, path)));
  return elsewhere.length > 0 ? elsewhere.map((error) => error.message).join(' ') : undefined;
}
