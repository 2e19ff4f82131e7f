/** Whether what stands so many hops before us (0: who is connected) is a proxy whose X-Forwarded-* headers are believed. */
export type TrustsHop = (address: string, hop: number) => boolean;

/**
 * What Fastify's `trustProxy` is given for TRUST_PROXY. It believes nobody when it is given a number, since it can not know whether
 * its port may be reached past the proxies; who sets a number says that it can not.
 */
export function trustedProxies(setting: boolean | number | string): boolean | string | TrustsHop {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}
