import { DEFAULT_DOMAIN_RULES, domainOfAddress, DomainRules } from './domain-rules.js';

describe('domain rules', () => {
  it('lets the domains of one provider share a limit', () => {
    const rules = new DomainRules(null);
    expect(rules.limitOf('googlemail.com')).toEqual(rules.limitOf('gmail.com'));
    expect(rules.domainsOf('gmail.com')).toContain('googlemail.com');
  });

  it('knows no limit for an unknown domain, under a key of its own', () => {
    expect(new DomainRules(null).limitOf('small.example')).toEqual({
      key: 'small.example',
      connections: null,
      perSecond: null,
    });
  });

  it("replaces the defaults by a transport's own rules, * being each other domain", () => {
    const rules = new DomainRules([
      { domains: ['One.example', 'two.example'], connections: 2, perSecond: 1 },
      { domains: ['*'], connections: 3, perSecond: null },
    ]);
    expect(rules.limitOf('two.example')).toEqual({ key: 'one.example', connections: 2, perSecond: 1 });
    expect(rules.limitOf('gmail.com')).toEqual({ key: 'gmail.com', connections: 3, perSecond: null });
  });

  it('limits nothing when told to', () => {
    expect(new DomainRules([]).limitOf('gmail.com').perSecond).toBeNull();
  });

  it('names no domain twice in the defaults', () => {
    const domains = DEFAULT_DOMAIN_RULES.flatMap((rule) => rule.domains);
    expect(new Set(domains).size).toBe(domains.length);
  });

  it('takes the domain of an address', () => {
    expect(domainOfAddress('"a@b"@Example.ORG')).toBe('example.org');
  });
});
