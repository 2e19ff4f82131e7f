import type { DomainError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { dkimInput, transportInput, transportPatch } from './transport.schemas.js';

const warmUp = { startPerDay: 100, growthPercent: 20, ceilingPerDay: 1000 };
const rule = { domains: ['gmail.com'], connections: 2 };

const fieldsAtFault = (input: object): string[] => {
  try {
    validate(transportInput, { name: 'x', ...input });
    return [];
  } catch (error) {
    return ((error as DomainError).errors ?? []).map(({ field }) => field);
  }
};

describe('the input of a transport', () => {
  it.each<[object, string]>([
    [{ name: '' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ hosst: 'x' }, 'hosst'],
    [{ host: '' }, 'host'],
    [{ host: 'smtp://h' }, 'host'],
    [{ host: 'h:25' }, 'host'],
    [{ host: 'a b' }, 'host'],
    [{ host: 'h\r\nRCPT' }, 'host'],
    [{ clientName: 'a b' }, 'clientName'],
    [{ port: 0 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ port: '25' }, 'port'],
    [{ security: 'ssl' }, 'security'],
    [{ auth: { method: 'cram' } }, 'auth.method'],
    [{ auth: { method: 'password', user: 'a\r\nb', password: 'x' } }, 'auth.user'],
    [{ auth: { method: 'password', user: 'a', password: 'x\r\ny' } }, 'auth.password'],
    [{ auth: { method: 'password', user: 'a', password: 'x\0y' } }, 'auth.password'],
    [{ auth: { method: 'xoauth2', user: 'a', accessUrl: 'http://h/token' } }, 'auth.accessUrl'],
    [
      { auth: { method: 'xoauth2', user: 'a', accessUrl: 'http://localhost.evil.example/' } },
      'auth.accessUrl',
    ],
    [{ weight: -1 }, 'weight'],
    [{ weight: 1.5 }, 'weight'],
    [{ connections: 0 }, 'connections'],
    [{ connections: 201 }, 'connections'],
    [{ limits: { perSecond: 0 } }, 'limits.perSecond'],
    [{ limits: { perSecond: 10_001 } }, 'limits.perSecond'],
    [{ limits: { perHour: -5 } }, 'limits.perHour'],
    [{ limits: { perDay: 3_000_000_000 } }, 'limits.perDay'],
    [{ limits: { perWeek: 1 } }, 'limits.perWeek'],
    [{ warmUp: { ...warmUp, startPerDay: 0 } }, 'warmUp.startPerDay'],
    [{ warmUp: { ...warmUp, startPerDay: 1001 } }, 'warmUp.startPerDay'],
    [{ warmUp: { ...warmUp, growthPercent: -1 } }, 'warmUp.growthPercent'],
    [{ warmUp: { ...warmUp, startedOn: '2026-02-30' } }, 'warmUp.startedOn'],
    [{ warmUp: { ...warmUp, startedOn: 'soon' } }, 'warmUp.startedOn'],
    [{ domainRules: [{ domains: ['gmail.com'] }] }, 'domainRules.0'],
    [{ domainRules: [{ ...rule, domains: [] }] }, 'domainRules.0.domains'],
    [{ domainRules: [{ ...rule, domains: ['gmail'] }] }, 'domainRules.0.domains.0'],
    [{ domainRules: [{ ...rule, domains: ['a@gmail.com'] }] }, 'domainRules.0.domains.0'],
    [{ domainRules: [{ ...rule, domains: ['*', 'gmail.com'] }] }, 'domainRules.0.domains'],
    [{ domainRules: [rule, { ...rule, domains: ['GMAIL.com'] }] }, 'domainRules.1.domains'],
    [{ domainRules: [{ ...rule, connections: 0 }] }, 'domainRules.0.connections'],
  ])('%j is refused at its field', (input, field) => {
    expect(fieldsAtFault(input)).toEqual([field]);
  });

  it('turns domains to ASCII, and fills what a rule leaves out', () => {
    const domainRules = [
      { domains: ['Bücher.example'], perSecond: 5 },
      { domains: ['*'], connections: 3 },
    ];
    expect(validate(transportPatch, { domainRules }).domainRules).toEqual([
      { domains: ['xn--bcher-kva.example'], connections: null, perSecond: 5 },
      { domains: ['*'], connections: 3, perSecond: null },
    ]);
  });

  it('of a change takes null for what is to go', () => {
    const nothing = { limits: { perSecond: null }, warmUp: null, domainRules: null, clientName: null };
    expect(validate(transportPatch, nothing)).toEqual(nothing);
  });

  it('never repeats a secret in what it says', () => {
    const secrets = [
      { auth: { method: 'password', user: 'a', password: 'swordfish\n' } },
      { auth: { method: 'xoauth2', user: 'a', clientSecret: 'swordfish\n', x: 1 } },
      { url: 'swordfish'.repeat(500) },
    ];
    for (const input of secrets) {
      let said: unknown;
      try {
        validate(transportInput, { name: 'x', ...input });
      } catch (error) {
        said = error;
      }
      expect(JSON.stringify((said as DomainError).errors)).not.toContain('swordfish');
      expect((said as DomainError).message).not.toContain('swordfish');
    }
  });
});

describe('the input of a DKIM key', () => {
  it('names an algorithm', () => {
    expect(() => validate(dkimInput, { algorithm: 'dsa' })).toThrow();
    expect(validate(dkimInput, { algorithm: 'both' })).toEqual({ algorithm: 'both' });
  });
});
