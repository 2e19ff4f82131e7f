import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { AdmittedGuard } from '../http/auth.guard.js';
import { WriteInterceptor } from '../http/write.interceptor.js';

/** A controller of the operator API: behind a bearer key, idempotent, audited. */
export function ApiController(resource: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${resource}`),
    UseGuards(AdmittedGuard),
    UseInterceptors(WriteInterceptor),
  );
}
