import tls from 'node:tls';
import { jest } from '@jest/globals';

/** Has every TLS client of this process trust an authority, until mocks are restored. Node reads its own list only once. */
export function trustAuthority(cert: string): void {
  const connect = tls.connect as (...args: unknown[]) => tls.TLSSocket;
  jest
    .spyOn(tls, 'connect')
    .mockImplementation(((options: object, ...rest: unknown[]) =>
      connect({ ...options, ca: cert }, ...rest)) as typeof tls.connect);
}
