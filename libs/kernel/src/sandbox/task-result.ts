import { deserialize, serialize } from 'node:v8';
import { DomainError, type ErrorCode, type FieldError } from '../errors/errors.js';

/** An error as it crosses from process to process: class and getters do not. */
interface CarriedError {
  name: string;
  message: string;
  stack: string | undefined;
  domain?: { code: ErrorCode; errors?: FieldError[]; extra?: Record<string, unknown>; retryAfter?: number };
}

/** What a task ended with, in structured-clone form. */
export type TaskResult = { value: unknown } | { error: CarriedError };

/** Runs a task and packs what becomes of it. Never rejects. */
export async function resultOf(run: () => unknown): Promise<TaskResult> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: carried(error) };
  }
}

/**
 * A result as it is sent: packed once, so that its size is known before. Never throws: what can not be packed is a result that
 * says so.
 */
export function packed(result: TaskResult): Buffer {
  try {
    return serialize(result);
  } catch (error) {
    return serialize({ error: carried(error) });
  }
}

/** The result that was {@link packed}. */
export function unpacked(bytes: Buffer): TaskResult {
  return deserialize(bytes) as TaskResult;
}

/** @throws what the task threw: a DomainError as it was, anything else by name, message and stack */
export function unpack(result: TaskResult): unknown {
  if ('value' in result) return result.value;
  const { name, message, stack, domain } = result.error;
  if (domain) throw new DomainError(domain.code, message, domain);
  throw Object.assign(new Error(message), { name, ...(stack === undefined ? {} : { stack }) });
}

function carried(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (!(error instanceof DomainError)) return { name, message, stack };
  const { code, errors, extra, retryAfter } = error;
  return {
    name,
    message,
    stack,
    domain: {
      code,
      ...(errors && { errors }),
      ...(extra && { extra }),
      ...(retryAfter !== undefined && { retryAfter }),
    },
  };
}
