import { PolicyBreaker } from './policy-breaker.js';

const E = 'edition';
const NO = '554 5.7.1 no';

describe('the policy breaker', () => {
  it('lets one refusal be one refusal, and nineteen nineteen', () => {
    const breaker = new PolicyBreaker();
    for (let at = 0; at < 19; at++) expect(breaker.refused(E, 'a.example', NO)).toEqual({ what: 'go-on' });
  });

  it('does not mind 29 of a hundred, however long it goes on', () => {
    const breaker = new PolicyBreaker();
    for (let at = 0; at < 71; at++) breaker.taken(E, 'a.example');
    for (let at = 0; at < 2_000; at++) {
      if (at % 100 < 71) breaker.taken(E, 'a.example');
      else expect(breaker.refused(E, 'a.example', NO).what).toBe('go-on');
    }
  });

  it('lets a domain rest when 20 and a third of its last are refused, and again with the next one', () => {
    const breaker = new PolicyBreaker();
    for (let at = 0; at < 46; at++) breaker.taken(E, 'a.example');
    for (let at = 0; at < 19; at++) expect(breaker.refused(E, 'a.example', NO).what).toBe('go-on');
    expect(breaker.refused(E, 'a.example', NO)).toEqual({
      what: 'rest',
      reason: `20 of the last 66 messages there were refused: ${NO}`,
    });
    expect(breaker.refused(E, 'a.example', NO).what).toBe('rest');
    for (let at = 0; at < 100; at++) breaker.taken(E, 'a.example');
    expect(breaker.refused(E, 'a.example', NO).what).toBe('go-on');
  });

  it('of one domain alone does not pause the edition', () => {
    const breaker = new PolicyBreaker();
    const verdicts = Array.from({ length: 60 }, () => breaker.refused(E, 'a.example', NO).what);
    expect(new Set(verdicts)).toEqual(new Set(['go-on', 'rest']));
    for (let at = 0; at < 4; at++) expect(breaker.refused(E, `b${at}.example`, NO).what).toBe('go-on');
  });

  it('pauses the edition when it is so across domains, naming them', () => {
    const breaker = new PolicyBreaker();
    for (let at = 0; at < 19; at++) breaker.refused(E, `d${at % 5}.example`, NO);
    const verdict = breaker.refused(E, 'd4.example', '550 5.7.1 listed');
    expect(verdict).toEqual({
      what: 'pause',
      reason: expect.stringMatching(
        /^Mail servers refuse us, not the readers: 20 of the last 20 messages, at d0\.example \(4\), .* and 2 more\. The last said: 550 5\.7\.1 listed$/,
      ) as string,
    });
    expect(breaker.refused(E, 'd0.example', NO).what).toBe('go-on'); // resumed, it begins anew
  });

  it('pauses it when a second domain has to rest', () => {
    const breaker = new PolicyBreaker();
    const mixed = (domain: string) => {
      for (let at = 0; at < 45; at++) breaker.taken(E, domain);
      return Array.from({ length: 20 }, () => breaker.refused(E, domain, NO).what).at(-1);
    };
    expect(mixed('a.example')).toBe('rest');
    for (let at = 0; at < 80; at++) breaker.taken(E, 'c.example');
    expect(mixed('b.example')).toBe('pause');
  });

  it('keeps editions apart', () => {
    const breaker = new PolicyBreaker();
    for (let at = 0; at < 19; at++) breaker.refused(E, `d${at}.example`, NO);
    expect(breaker.refused('another', 'x.example', NO).what).toBe('go-on');
  });
});
