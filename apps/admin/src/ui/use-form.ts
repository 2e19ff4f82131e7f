import { useEffect, useRef, useState, type FormEvent } from 'react';
import { noticeEndOfSession } from '../api/query-client';
import { Problem, type FieldError } from '../api/request';
import { messageOf } from './states';

/** The value of a number field that may be empty. */
export type Amount = number | '';

interface FormOptions<V, R> {
  initial: V;
  send: (values: V) => Promise<R>;
  done?: (result: R, values: V) => unknown;
}

/** Whether a problem's field (`to.0`) belongs to a form's field (`to`). */
function isAbout(error: FieldError, name: string): boolean {
  return error.field === name || error.field.startsWith(`${name}.`);
}

/**
 * The state of a form. The names of its values are the fields of the API (`theme.accentColor`), so that what a problem
 * says about a field appears at that field; everything else it says appears in `error`.
 */
export function useForm<V extends object, R>({ initial, send, done }: FormOptions<V, R>) {
  const [values, setValues] = useState(initial);
  const [sent, setSent] = useState(initial);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const ref = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (failure) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  const errors = failure instanceof Problem ? failure.errors : [];
  const names = Object.keys(values);
  const elsewhere = errors.filter((error) => !names.some((name) => isAbout(error, name)));

  const errorOf = (name: keyof V & string) => {
    const found = errors.find((error) => isAbout(error, name));
    // Of what is missing the server says what it wants; of what is empty only that it is too short.
    return found && found.code !== 'required' && sent[name] === '' ? 'Fill this in.' : found?.message;
  };
  const set = <K extends keyof V>(name: K, value: V[K]) => {
    setSaved(false);
    setValues((before) => ({ ...before, [name]: value }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setSent(values);
    setFailure(undefined);
    try {
      const result = await send(values);
      setSaved(true);
      await done?.(result, values);
    } catch (error) {
      noticeEndOfSession(error);
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    set,
    busy,
    /** It was sent and nothing changed since. */
    saved,
    reset: () => setValues(initial),
    /** Empties a field, and it still counts as saved: a secret that has gone out is not shown again. */
    forget: (name: keyof V) => setValues((before) => ({ ...before, [name]: '' })),
    /** What went wrong that is not said at a field. */
    error: failure && (errors.length === 0 || elsewhere.length > 0) ? textOf(failure, elsewhere) : undefined,
    errorOf,
    /** Props of an input whose change is an event. */
    text: (name: keyof V & string) => ({
      name,
      value: values[name] as string,
      error: errorOf(name),
      onChange: (event: { currentTarget: { value: string } }) =>
        set(name, event.currentTarget.value as V[keyof V & string]),
    }),
    /** Props of an input whose change is a value. */
    choice: <K extends keyof V & string>(name: K) => ({
      value: values[name],
      error: errorOf(name),
      onChange: (value: V[K]) => set(name, value),
    }),
    /** Props of a number input that may be empty. */
    amount: (name: keyof V & string) => ({
      name,
      value: values[name] as Amount,
      error: errorOf(name),
      onChange: (value: string | number) =>
        set(name, (value === '' ? '' : Number(value)) as V[keyof V & string]),
    }),
    /** Props of a switch. */
    flag: (name: keyof V & string) => ({
      name,
      checked: Boolean(values[name]),
      error: errorOf(name),
      onChange: (event: { currentTarget: { checked: boolean } }) =>
        set(name, event.currentTarget.checked as V[keyof V & string]),
    }),
    formProps: { ref, onSubmit: (event: FormEvent) => void submit(event), noValidate: true },
  };
}

function textOf(failure: unknown, elsewhere: FieldError[]): string {
  if (elsewhere.length === 0) return messageOf(failure);
  return elsewhere.map((error) => error.message).join(' ');
}
