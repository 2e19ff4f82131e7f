import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiKeyGuard } from '../http/auth.guard.js';
import { WriteInterceptor } from '../http/write.interceptor.js';

/** A controller of the operator API: behind a bearer key, idempotent, audited. */
export function ApiController(resource: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${resource}`),
    UseGuards(ApiKeyGuard),
    UseInterceptors(WriteInterceptor),
  );
}
