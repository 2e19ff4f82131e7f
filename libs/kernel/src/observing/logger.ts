import { Writable } from 'node:stream';
import { pino, stdSerializers, type Logger as Pino, type SerializedError } from 'pino';
import pretty from 'pino-pretty';
import { scrub } from './scrub.js';

export interface LogOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  format: 'pretty' | 'json';
}

/**
 * Structured logs. Every line passes {@link scrub} last of all, so no call site can leak an address or a secret by
 * logging a value it should not have.
 */
export class Log {
  constructor(private readonly pino: Pino) {}

  /** A log whose lines carry further fields. */
  child(fields: Record<string, unknown>): Log {
    return new Log(this.pino.child(fields));
  }
  debug(message: string, fields: Record<string, unknown> = {}): void {
    this.pino.debug(fields, message);
  }
  info(message: string, fields: Record<string, unknown> = {}): void {
    this.pino.info(fields, message);
  }
  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.pino.warn(fields, message);
  }
  /** @param error its message, code and stack are logged, and its cause's */
  error(message: string, error?: unknown, fields: Record<string, unknown> = {}): void {
    this.pino.error(error === undefined ? fields : { ...fields, err: error }, message);
  }
}

/** Drizzle tells the values of a failed query in its message, its stack and a field: readers' data, hashes, texts. */
function serialiseError(error: Error): unknown {
  const { params: _, ...fields } = stdSerializers.err(error) as SerializedError & { params?: unknown };
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { params } = at as { params?: unknown };
    if (!Array.isArray(params)) continue;
    const told = `\nparams: ${params.toString()}`;
    fields.message = fields.message.replaceAll(told, '');
    fields.stack = fields.stack.replaceAll(told, '');
  }
  return fields;
}

/** @param sink where lines go; standard output unless a test wants to read them */
export function createLog(options: LogOptions, sink: { write(line: string): unknown } = process.stdout): Log {
  const scrubbed = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      sink.write(scrub(chunk.toString()));
      done();
    },
  });
  const stream =
    options.format === 'pretty'
      ? pretty({
          destination: scrubbed,
          colorize: process.stdout.isTTY,
          ignore: 'pid,hostname',
          translateTime: 'SYS:HH:MM:ss',
        })
      : scrubbed;
  return new Log(pino({ level: options.level, serializers: { err: serialiseError } }, stream));
}
