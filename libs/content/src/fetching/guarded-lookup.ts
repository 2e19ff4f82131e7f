import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard.js';
import { FetchError } from './fetch-error.js';

/** Finds the addresses of a host. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** As every program on this machine does: hosts file first, then DNS. */
export const systemResolve: Resolve = (host) =>
  new Promise((done, fail) => {
    lookup(host, { all: true }, (error, addresses) => (error ? fail(error) : done(addresses)));
  });

export function refused(host: string): FetchError {
  return new FetchError(
    'address_refused',
    `${host} is not on the public internet, and this server fetches nothing else. FETCH_ALLOW can allow it.`,
  );
}

/**
 * The look-up that a socket connects by. What it lets pass is what is connected to: nothing asks DNS a second time, so
 * an answer that changes in between is of no use to anyone.
 */
export function guardedLookup(guard: AddressGuard, resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    const found = resolve(host).then((addresses) => {
      const allowed = addresses.filter(({ address }) => guard.mayConnect(host, address));
      if (allowed.length === 0) throw refused(host);
      return allowed;
    });
    found.then(
      (allowed) => {
        if (options.all) done(null, allowed);
        else done(null, allowed[0]?.address ?? '', allowed[0]?.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, []),
    );
  };
}
