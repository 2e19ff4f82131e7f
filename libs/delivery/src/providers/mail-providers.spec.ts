import { bestExchange, knownProvider, providerOfExchange } from './mail-providers.js';

describe('knownProvider', () => {
  it.each([
    ['gmail.com', 'google'],
    ['googlemail.com', 'google'],
    ['hotmail.com', 'microsoft'],
    ['hotmail.co.uk', 'microsoft'],
    ['live.fr', 'microsoft'],
    ['yahoo.com.br', 'yahoo'],
    ['aol.com', 'yahoo'],
    ['me.com', 'apple'],
    ['web.de', 'gmx'],
    ['t-online.de', 't-online'],
    ['wanadoo.fr', 'orange'],
    ['163.com', 'netease'],
    ['pm.me', 'proton'],
    ['example.org', 'other'],
    ['d1.example', 'other'],
    ['news.example.com', undefined],
    ['hotmail.shop.example.com', undefined],
    ['live.company.de', undefined],
    ['yahoo.shop', undefined],
  ])('of %s is %s', (domain, provider) => {
    expect(knownProvider(domain)).toBe(provider);
  });
});

describe('providerOfExchange', () => {
  it.each([
    ['aspmx.l.google.com', 'google'],
    ['alt1.aspmx.l.google.com', 'google'],
    ['harbour-de.mail.protection.outlook.com', 'microsoft'],
    ['eu-smtp-inbound-1.mimecast.com', 'mimecast'],
    ['mx0a-001.pphosted.com', 'proofpoint'],
    ['d1.ess.barracudanetworks.com', 'barracuda'],
    ['inbound-smtp.eu-west-1.amazonaws.com', 'amazon'],
    ['mx.quay.fr', 'quay.fr'],
    ['mx1.mail.quay.co.uk', 'quay.co.uk'],
    ['quay.com.au', 'quay.com.au'],
    ['notgoogle.com', 'notgoogle.com'],
    ['mx', 'other'],
    ['mx.example', 'other'],
  ])('of %s is %s', (exchange, provider) => {
    expect(providerOfExchange(exchange)).toBe(provider);
  });
});

describe('bestExchange', () => {
  it.each([
    [
      'the least preference',
      [
        { exchange: 'b.example', priority: 20 },
        { exchange: 'A.example.', priority: 10 },
      ],
      'a.example',
    ],
    ['none', [], undefined],
    ['a null MX (RFC 7505)', [{ exchange: '', priority: 0 }], undefined],
    ['a null MX, written out', [{ exchange: '.', priority: 0 }], undefined],
  ])('is %s', (_what, records, expected) => {
    expect(bestExchange(records)).toBe(expected);
  });
});
