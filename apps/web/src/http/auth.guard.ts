import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';

export type WithCaller = FastifyRequest & {
  caller?: ApiCaller;
  /** Asks anew whether they may, for an answer that goes on and on. @throws DomainError as the door does */
  admitAgain?: () => Promise<ApiCaller>;
};

/** Refuses every request that the {@link FrontDoor} has not let in: a route it does not know is closed. */
@Injectable()
export class AdmittedGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    admitted(context);
    return true;
  }
}

/** The caller of an operator API request. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): ApiCaller =>
  admitted(context),
);

export function callerOf(request: FastifyRequest): ApiCaller | undefined {
  return (request as WithCaller).caller;
}

function admitted(context: ExecutionContext): ApiCaller {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (!caller) throw new DomainError('unauthorized', 'Send a valid API key: Authorization: Bearer KEY');
  return caller;
}
