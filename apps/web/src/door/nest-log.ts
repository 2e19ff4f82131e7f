import type { LoggerService } from '@nestjs/common';
import type { Log } from '#kernel/observing/logger.js';

/** Nest's own lines, at the level they deserve: its start-up chatter is debug. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown, context?: string): void {
    this.to.debug(String(message), { context });
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.to.error(
      message instanceof Error ? message.message : String(message),
      message instanceof Error ? message : rest[0],
    );
  }
  warn(message: unknown, context?: string): void {
    this.to.warn(String(message), { context });
  }
  debug(message: unknown, context?: string): void {
    this.to.debug(String(message), { context });
  }
  verbose(message: unknown, context?: string): void {
    this.to.debug(String(message), { context });
  }
}
