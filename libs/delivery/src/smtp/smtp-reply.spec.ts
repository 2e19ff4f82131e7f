import { ReplyParser } from './smtp-reply.js';

const replies = (...chunks: string[]) => {
  const parser = new ReplyParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe('ReplyParser', () => {
  const dialogue =
    '250-peer\r\n250-SIZE 5\r\n250 PIPELINING\r\n354\r\n250 2.0.0 ok\r\n421-4.3.2 bye\r\n421 now\r\n';
  const parsed = [
    { code: 250, text: '250 peer SIZE 5 PIPELINING' },
    { code: 354, text: '354' },
    { code: 250, text: '250 2.0.0 ok' },
    { code: 421, text: '421 4.3.2 bye now' },
  ];

  it('reads single and many-line replies', () => {
    expect(replies(dialogue)).toEqual(parsed);
  });

  it('reads the same wherever the bytes are cut', () => {
    expect(replies(...Array.from(dialogue))).toEqual(parsed);
    for (let at = 1; at < dialogue.length; at++) {
      expect(replies(dialogue.slice(0, at), dialogue.slice(at))).toEqual(parsed);
    }
  });

  it('gives no reply before its last line has ended', () => {
    expect(replies('250-a\r\n250 b')).toEqual([]);
    expect(replies('250-a\r\n250 b\r')).toEqual([]);
  });

  it('takes bare line feeds and odd characters in the text', () => {
    expect(replies('250 ok\n')).toEqual([{ code: 250, text: '250 ok' }]);
    expect(replies('550 a\u2028b\rc\r\n')).toEqual([{ code: 550, text: '550 a\u2028b\rc' }]);
  });

  it.each([
    'hello\r\n',
    '25 ok\r\n',
    '2500 ok\r\n',
    '150 early\r\n',
    '650 late\r\n',
    '\r\n',
    '250_ok\r\n',
    'HTTP/1.1 400\r\n',
  ])('refuses %j', (nonsense) => {
    expect(() => replies(nonsense)).toThrow('no SMTP reply');
  });

  it('refuses a line without an end', () => {
    const parser = new ReplyParser();
    const pour = () => {
      for (let at = 0; at < 100; at++) parser.push(`250 ${'x'.repeat(1_000)}`);
    };
    expect(pour).toThrow('endless');
  });

  it('refuses a reply without an end', () => {
    const parser = new ReplyParser();
    const pour = () => {
      for (let at = 0; at < 10_000; at++) parser.push('250-and more\r\n');
    };
    expect(pour).toThrow('endless');
  });

  it('takes any number of whole replies', () => {
    const parser = new ReplyParser();
    let count = 0;
    for (let at = 0; at < 10_000; at++) count += parser.push('250 2.0.0 a good reply\r\n').length;
    expect(count).toBe(10_000);
    expect(parser.push('250 ok\r\n'.repeat(20_000))).toHaveLength(20_000);
  });
});
