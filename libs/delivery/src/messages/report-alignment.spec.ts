import { mayAskForReports } from './report-alignment.js';

describe('whether reports of complaints may be asked for (RFC 9477 §3.1)', () => {
  it.each([
    ['strict', 'example.com', 'example.com', ['example.com'], true],
    ['strict, of any case', 'Example.com', 'example.COM', ['EXAMPLE.com'], true],
    ['strict, by nobody', 'example.com', 'example.com', [], false],
    ['strict, by somebody else', 'example.com', 'example.com', ['relay.example'], false],
    ['relaxed: the domain above signs', 'mailer.example.com', 'mailer.example.com', ['example.com'], true],
    ['relaxed: the address is below', 'example.com', 'mailer.example.com', ['example.com'], true],
    ['below, and only it signs', 'example.com', 'mailer.example.com', ['mailer.example.com'], false],
    ['the address is above, and signs alone', 'mailer.example.com', 'example.com', ['example.com'], false],
    ['a sibling, signed from above', 'a.example.com', 'b.example.com', ['example.com'], false],
    ['a third party, both sign', 'example.com', 'saas.example', ['saas.example', 'example.com'], true],
    ['a third party alone', 'example.com', 'saas.example', ['saas.example'], false],
    ['a third party that does not sign', 'example.com', 'saas.example', ['example.com'], false],
    ['an ending that is no domain', 'badexample.com', 'badexample.com', ['example.com'], false],
  ])('%s', (_, from, reports, signedBy, expected) => {
    expect(mayAskForReports(from, reports, signedBy)).toBe(expected);
  });
});
