import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { RateCounter } from '#database/rate-limit.js';

const QUARTER_S = 15 * 60;
const HOUR_S = 3_600;
const MONTH_S = 30 * 86_400;

/** Of one client at one account: enough for a person who mistypes, and 960 guesses a day for one who guesses. */
const PAIR = { name: 'sign-in', points: 10, windowS: QUARTER_S };
/** Of one client at all accounts, known or not. */
const CLIENT = { name: 'sign-in-client', points: 40, windowS: QUARTER_S };
/** Of all clients at one account, but those that have signed in to it before. */
const ACCOUNT = { name: 'sign-in-account', points: 100, windowS: HOUR_S };
/** Clients that have signed in to an account. */
const KNOWN = { name: 'sign-in-known', points: 1, windowS: MONTH_S };

const TOO_MANY = 'Too many sign-ins that failed; wait a while.';

/** What is guessed at when it is a key: all keys together, for nobody can say which. */
export const ANY_KEY = 'key';

/** A sign-in that is being tried. */
export interface Guess {
  /** It was right: the tries at this account are forgotten, of this client; of keys only this try. */
  succeeded(): Promise<void>;
}

/**
 * Bounds the guessing of passwords and keys by account and by client, for all web processes together. Many clients that guess at one account
 * are stopped too, but that does not lock its owner out: a client from which it was signed in to within a month counts by itself.
 */
@Injectable()
export class GuessLimiter {
  private readonly pair: RateCounter;
  private readonly client: RateCounter;
  private readonly account: RateCounter;
  private readonly known: RateCounter;

  constructor(database: Database) {
    this.pair = new RateCounter(database, PAIR);
    this.client = new RateCounter(database, CLIENT);
    this.account = new RateCounter(database, ACCOUNT);
    this.known = new RateCounter(database, KNOWN);
  }

  /**
   * Refuses a client that has guessed too often, whatever it would say.
   * @throws DomainError `rate_limited`
   */
  async insist(client: string): Promise<void> {
    await this.client.insist([client], TOO_MANY);
  }

  /**
   * Counts a guess before it is tried, so that many at once are not all let through.
   * @param account what is guessed at: an address as it was typed, or {@link ANY_KEY}
   * @param client who guesses: see the web's `clientKey`
   * @throws DomainError `rate_limited`
   */
  async begin(account: string, client: string): Promise<Guess> {
    const name = account.trim().toLowerCase();
    const both = [name, client];
    // The narrower first: what it refuses does not count against the client's other accounts.
    await this.pair.take(both, TOO_MANY);
    await this.client.take([client], TOO_MANY);
    // Strangers could otherwise lock every key out; and a key is not found in however many tries.
    const isKnown = name === ANY_KEY || (await this.known.knows(both));
    if (!isKnown) await this.account.take([name], TOO_MANY);
    return {
      succeeded: async () => {
        // Whoever has a lesser key would go on guessing at the owner's for ever.
        await (name === ANY_KEY ? this.pair.giveBack(both) : this.pair.forget(both));
        await this.client.giveBack([client]);
        if (!isKnown) await this.account.giveBack([name]);
        await this.known.mark(both);
      },
    };
  }
}
