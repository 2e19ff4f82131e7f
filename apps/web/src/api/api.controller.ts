import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { AdmittedGuard } from '../http/auth.guard.js';
import { AnswerInterceptor } from '../http/answer.interceptor.js';
import { WriteInterceptor } from '../http/writes/write.interceptor.js';

/** A controller of the operator API: behind a bearer key, idempotent, audited. */
export function ApiController(resource: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${resource}`),
    UseGuards(AdmittedGuard),
    // The second is the inner one: what is kept for a repeat is what was answered.
    UseInterceptors(WriteInterceptor, AnswerInterceptor),
  );
}
