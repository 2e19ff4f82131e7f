import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { DomainError, type ErrorCode } from '#kernel/errors/errors.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import type { Caller } from '../rights/caller.js';
import { OperatorService } from './operator.service.js';

/**
 * `code`: the password was right, and the code of the second factor is asked for; `unavailable`: it could not be checked, for too many at
 * once or because something is broken.
 */
const RESULTS = ['ok', 'code', 'refused', 'limited', 'unavailable'] as const;
type Result = (typeof RESULTS)[number];
/** 64 bits: enough to tell the clients of one audit apart. */
const CLIENT_HEX_DIGITS = 16;

const RESULT_OF: Partial<Record<ErrorCode, Result>> = {
  unauthorized: 'refused',
  invalid_input: 'refused',
  forbidden: 'refused',
  rate_limited: 'limited',
  second_factor_required: 'code',
};

/** A try to prove who somebody is, to sign in or once more. */
export interface Attempt {
  by: 'password' | 'code' | 'key' | 'passkey' | 'oidc';
  /** Whose account it is about, by address or id, as far as that is known. */
  email?: string | undefined;
  operatorId?: string | undefined;
}

/** What sign-ins leave behind: a line in the log, a count, and an entry in the audit for what proved nothing. */
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
      help: 'Sign-ins of operators, by result: ok, code (a second factor is asked for), refused (wrong), limited (too many), unavailable (could not be checked).',
      labelNames: ['result'],
      registers: [metrics.registry],
    });
    for (const result of RESULTS) this.signIns.inc({ result }, 0); // so that the first one is an increase
  }

  /** Who is signed in has proved it once more. */
  proved(who: Caller): void {
    this.log.info('proved a sign-in once more', { actor: who.keyId });
  }

  succeeded(who: Caller): void {
    this.signIns.inc({ result: 'ok' });
    this.log.info('signed in', { actor: who.keyId, role: who.role });
  }

  /** Does something; what fails leaves its trail. @param about what is tried, and about whom, as far as its failure tells */
  async of<T>(
    about: Attempt | ((error: unknown) => Attempt | Promise<Attempt>),
    client: string,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failed(typeof about === 'function' ? await about(error) : about, client, error);
      throw error;
    }
  }

  /**
   * Returns before the audit has its entry: how long that takes would tell whether there is such an operator.
   * @param client who tried: it is kept as a hash
   */
  private failed({ by, email, operatorId }: Attempt, client: string, error: unknown): void {
    const result = resultOf(error);
    this.signIns.inc({ result });
    const seen = this.nameOf(client);
    if (result === 'code') {
      this.log.info('a sign-in waits for its second factor', { by, client: seen });
      return;
    }
    this.log.warn(result === 'limited' ? 'a sign-in was refused' : 'a sign-in failed', {
      by,
      client: seen,
      // Any other error is logged by the filter, which takes the values of a query out.
      ...(error instanceof DomainError ? { reason: error.message } : {}),
    });
    const whose = operatorId === undefined ? email !== undefined && { email } : { operatorId };
    if (result !== 'refused' || !whose) return;
    this.operators.noteFailedProof(whose, { client: seen, by }).catch((failure: unknown) => {
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
  return (error instanceof DomainError && RESULT_OF[error.code]) || 'unavailable';
}
