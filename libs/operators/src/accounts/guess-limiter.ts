import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { DomainError } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { forgetTriesOf, RateCounter } from '#database/rate-limit.js';

const QUARTER_S = 15 * 60;
const HOUR_S = 3_600;
const MONTH_S = 30 * 86_400;

/** Of one client at one account: enough for a person who mistypes, and 960 guesses a day for one who guesses. */
const PAIR = { name: 'sign-in', points: 10, windowS: QUARTER_S };
/** Of one client at all accounts, known or not, but those that it has signed in to before. */
const CLIENT = { name: 'sign-in-client', points: 40, windowS: QUARTER_S };
/** Of all clients at one account, but those that have signed in to it before. */
const ACCOUNT = { name: 'sign-in-account', points: 100, windowS: HOUR_S };
/** Clients that have signed in to an account. */
const KNOWN = { name: 'sign-in-known', points: 1, windowS: MONTH_S };

const TOO_MANY = 'Too many sign-ins that failed; wait a while.';

/** All keys count as one account: a wrong key does not say which one was meant. */
export const ANY_KEY = 'key';

/** Whether a try failed because what was shown is wrong. */
export function isWrong(error: unknown): boolean {
  return error instanceof DomainError && (error.code === 'unauthorized' || error.code === 'invalid_input');
}

/** A sign-in that is being tried. */
export interface Guess {
  /** The client has signed in to the account before. */
  readonly isKnown: boolean;
  /** It was right: this client's tries at the account are forgotten; of a key only this try is. */
  succeeded(): Promise<void>;
  /** It was not checked, so it does not count as a guess anywhere. */
  withdrawn(): Promise<void>;
}

/**
 * Bounds the guessing of passwords and keys by account and by client, for all web processes together. Many clients that guess at one account,
 * and many guesses of one network, are stopped too, but that does not lock an owner out: a client from which an account was signed in to within
 * a month counts there by itself.
 */
@Injectable()
export class GuessLimiter {
  private readonly pair: RateCounter;
  private readonly client: RateCounter;
  private readonly account: RateCounter;
  private readonly known: RateCounter;

  constructor(
    database: Database,
    private readonly log: Log,
  ) {
    this.pair = new RateCounter(database, PAIR);
    this.client = new RateCounter(database, CLIENT);
    this.account = new RateCounter(database, ACCOUNT);
    this.known = new RateCounter(database, KNOWN);
  }

  /**
   * Tries something as a guess: only what was checked and is wrong counts.
   * @param account as in {@link begin}
   * @param attempt is told whether the client has signed in to the account before
   * @throws DomainError `rate_limited`; what the attempt throws
   */
  async tried<T>(account: string, client: string, attempt: (isKnown: boolean) => Promise<T>): Promise<T> {
    const guess = await this.begin(account, client);
    let result: T;
    try {
      result = await attempt(guess.isKnown);
    } catch (error) {
      if (!isWrong(error)) {
        await guess.withdrawn().catch((failure: unknown) => {
          this.log.error('a try to sign in could not be taken back', failure);
        });
      }
      throw error;
    }
    await guess.succeeded();
    return result;
  }

  /**
   * Counts a guess before it is tried, so that many at once are not all let through.
   * @param account what is guessed at: an address as it was typed, or {@link ANY_KEY}
   * @param client who guesses: see the web's `clientKey`
   * @throws DomainError `rate_limited`
   */
  async begin(account: string, client: string): Promise<Guess> {
    const name = nameOf(account);
    const isKey = name === ANY_KEY;
    const both = [name, client];
    const isKnown = !isKey && (await this.known.knows(both));
    // The narrower first: what it refuses does not count against the client's other accounts.
    await this.pair.take(both, TOO_MANY);
    if (!isKnown) await this.client.take([client], TOO_MANY);
    // Else strangers could lock every key out; and a key has too many bits to be guessed in any number of tries.
    const countsAtAccount = !isKnown && !isKey;
    if (countsAtAccount) await this.account.take([name], TOO_MANY);
    const giveWiderBack = async () => {
      if (!isKnown) await this.client.giveBack([client]);
      if (countsAtAccount) await this.account.giveBack([name]);
    };
    return {
      isKnown,
      succeeded: async () => {
        // Else the holder of a lesser key could reset the count with it and guess at the owner's for ever.
        await (isKey ? this.pair.giveBack(both) : this.pair.forget(both));
        await giveWiderBack();
        if (!isKey) await this.known.mark(both);
      },
      withdrawn: async () => {
        await this.pair.giveBack(both);
        await giveWiderBack();
      },
    };
  }
}

/** Forgets the guesses at an account, of every client. What a client has guessed at other accounts still counts. */
export async function forgetGuessesAt(db: Executor, account: string): Promise<void> {
  await forgetTriesOf(db, PAIR, nameOf(account));
  await forgetTriesOf(db, ACCOUNT, nameOf(account));
}

function nameOf(account: string): string {
  return account.trim().toLowerCase();
}
