import { isAboutAuth, transportBody, type TransportOptions } from './transport-body.js';

describe('transportBody', () => {
  it.each<[TransportOptions, string | undefined, object]>([
    [{}, undefined, {}],
    [{ host: 'h', port: '25', security: 'tls' }, undefined, { host: 'h', port: 25, security: 'tls' }],
    [{ perSecond: '5', perDay: 'none' }, undefined, { limits: { perSecond: 5, perDay: null } }],
    [
      { warmUp: '500, 20%, 100000' },
      undefined,
      { warmUp: { startPerDay: 500, growthPercent: 20, ceilingPerDay: 100_000 } },
    ],
    [
      { warmUp: '500,7.5,1000,2026-12-01' },
      undefined,
      { warmUp: { startPerDay: 500, growthPercent: 7.5, ceilingPerDay: 1000, startedOn: '2026-12-01' } },
    ],
    [
      { warmUp: 'none', rules: 'none', clientName: 'none', verify: 'no', enabled: 'yes' },
      undefined,
      { warmUp: null, domainRules: null, clientName: null, verifyCertificate: false, enabled: true },
    ],
    [{ auth: 'none', user: 'me' }, 'secret', { auth: { method: 'none' } }],
    [
      { auth: 'password', user: 'me' },
      'pa ss',
      { auth: { method: 'password', user: 'me', password: 'pa ss' } },
    ],
    [{ auth: 'password', user: 'me' }, undefined, { auth: { method: 'password', user: 'me' } }],
    [
      { auth: 'xoauth2', user: 'me', clientId: 'id' },
      '{"clientSecret": "c", "refreshToken": "r"}',
      { auth: { method: 'xoauth2', user: 'me', clientId: 'id', clientSecret: 'c', refreshToken: 'r' } },
    ],
  ])('%j', (options, secret, body) => {
    expect(transportBody(options, secret, options.auth)).toEqual(body);
  });

  it.each<[TransportOptions, RegExp]>([
    [{ port: 'many' }, /--port/],
    [{ perDay: '-5' }, /--per-day/],
    [{ warmUp: '500' }, /--warm-up/],
    [{ warmUp: 'a,b,c' }, /--warm-up/],
    [{ enabled: 'perhaps' }, /--enabled/],
    [{ rules: '/nowhere/at/all.json' }, /--rules/],
  ])('%j is refused', (options, message) => {
    expect(() => transportBody(options, undefined)).toThrow(message);
  });

  it('does not repeat a secret that it cannot read', () => {
    expect(() => transportBody({}, 'swordfish', 'xoauth2')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('swordfish') as string }) as Error,
    );
  });

  it('knows what is about signing in', () => {
    expect(isAboutAuth({ host: 'h' })).toBe(false);
    expect(isAboutAuth({ user: 'me' })).toBe(true);
  });
});
