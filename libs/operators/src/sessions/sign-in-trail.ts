import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { DomainError } from '#kernel/errors/errors.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import type { Caller } from '../rights/caller.js';
import { OperatorService } from '../accounts/operator.service.js';

/** `unavailable`: it could not be checked, for too many at once or because something is broken. */
const RESULTS = ['ok', 'refused', 'limited', 'unavailable'] as const;
type Result = (typeof RESULTS)[number];
/** 64 bits: enough to tell the clients of one audit apart. */
const CLIENT_HEX_DIGITS = 16;

/** Whether a sign-in failed because what was shown is wrong. */
export function isWrong(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'unauthorized';
}

/** What sign-ins leave behind: a line in the log, a count, and an entry in the audit for a wrong password. */
@Injectable()
export class SignInTrail {
  private readonly signIns: Counter<'result'>;

  constructor(
    metrics: Metrics,
    private readonly keyring: Keyring,
    private readonly operators: OperatorService,
    private readonly log: Log,
  ) {
    this.signIns = new Counter({
      name: 'broadsheet_sign_ins_total',
      help: 'Sign-ins of operators, by result: ok, refused (wrong), limited (too many), unavailable (could not be checked).',
      labelNames: ['result'],
      registers: [metrics.registry],
    });
    for (const result of RESULTS) this.signIns.inc({ result }, 0); // so that the first one is an increase
  }

  succeeded(who: Caller): void {
    this.signIns.inc({ result: 'ok' });
    this.log.info('signed in', { actor: who.keyId, role: who.role });
  }

  /**
   * Returns before the audit has its entry: how long that takes would tell whether there is such an operator.
   * @param client who tried: it is kept as a hash
   */
  failed(input: { email: string } | { apiKey: string }, client: string, error: unknown): void {
    const result = resultOf(error);
    this.signIns.inc({ result });
    const seen = this.nameOf(client);
    this.log.warn(result === 'limited' ? 'a sign-in was refused' : 'a sign-in failed', {
      by: 'apiKey' in input ? 'key' : 'password',
      client: seen,
      // Any other error is logged by the filter, which takes the values of a query out.
      ...(error instanceof DomainError ? { reason: error.message } : {}),
    });
    if (!isWrong(error) || !('email' in input)) return;
    this.operators.noteWrongPassword(input.email, { client: seen }).catch((failure: unknown) => {
      this.log.error('a failed sign-in could not be noted in the audit', failure);
    });
  }

  /** The same for the same client until APP_SECRET is changed; nobody without it can try addresses for it. */
  private nameOf(client: string): string {
    const key = this.keyring.key('sign-in client') as Buffer;
    return createHmac('sha256', key).update(client).digest('hex').slice(0, CLIENT_HEX_DIGITS);
  }
}

function resultOf(error: unknown): Result {
  if (isWrong(error)) return 'refused';
  return error instanceof DomainError && error.code === 'rate_limited' ? 'limited' : 'unavailable';
}
