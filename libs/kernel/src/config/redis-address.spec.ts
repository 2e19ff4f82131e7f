import { parseRedisAddress, RedisAddressError, type RedisAddress } from './redis-address.js';

const plain = { tls: false, user: null, password: null };
const node = (host: string, port: number) => ({ host, port });

describe('parseRedisAddress', () => {
  it.each<[string, RedisAddress]>([
    ['redis://redis', { ...plain, kind: 'single', node: node('redis', 6379), db: 0 }],
    ['redis://redis:6380/', { ...plain, kind: 'single', node: node('redis', 6380), db: 0 }],
    ['REDIS://10.0.0.1:6380/3', { ...plain, kind: 'single', node: node('10.0.0.1', 6380), db: 3 }],
    ['rediss://redis', { ...plain, tls: true, kind: 'single', node: node('redis', 6379), db: 0 }],
    ['redis://[::1]:7000', { ...plain, kind: 'single', node: node('::1', 7000), db: 0 }],
    [
      'redis://:p%40ss@redis',
      { ...plain, password: 'p@ss', kind: 'single', node: node('redis', 6379), db: 0 },
    ],
    [
      'redis://me@post:a:b@redis',
      { tls: false, user: 'me@post', password: 'a:b', kind: 'single', node: node('redis', 6379), db: 0 },
    ],
    ['redis-cluster://a:7000', { ...plain, kind: 'cluster', nodes: [node('a', 7000)] }],
    [
      'rediss-cluster://me:p%2Fw@a:7000, b,[fd00::1]:7002/',
      {
        tls: true,
        user: 'me',
        password: 'p/w',
        kind: 'cluster' as const,
        nodes: [node('a', 7000), node('b', 6379), node('fd00::1', 7002)],
      },
    ],
    [
      'redis-sentinel://a:1,b/my-master.1',
      {
        ...plain,
        kind: 'sentinel' as const,
        master: 'my-master.1',
        db: 0,
        sentinelPassword: null,
        nodes: [node('a', 1), node('b', 26379)],
      },
    ],
    [
      'rediss-sentinel://:pw@a:1/mymaster/2?sentinel-password=o%26ther',
      {
        tls: true,
        user: null,
        password: 'pw',
        kind: 'sentinel' as const,
        master: 'mymaster',
        db: 2,
        nodes: [node('a', 1)],
        sentinelPassword: 'o&ther',
      },
    ],
  ])('reads %s', (text, address) => {
    expect(parseRedisAddress(text)).toEqual(address);
  });

  it.each<[string, RegExp]>([
    ['', /must be a URL that starts with redis:/],
    ['SECRETMARK:6379', /must be a URL that starts with/],
    ['http://SECRETMARK', /must be a URL that starts with/],
    ['redis-clusters://SECRETMARK:1', /must be a URL that starts with/],
    ['redis://', /host:port, with commas.*redis:\/\/redis:6379/],
    ['redis://me:SECRETMARK@', /host:port/],
    ['redis://SECRETMARK:0', /port that is not from 1/],
    ['redis://SECRETMARK:65536', /port that is not from 1/],
    ['redis://SECRETMARK:x', /host:port/],
    ['redis://a:SECRETMARK/word@redis', /host:port/],
    ['redis://a:1,b:2', /must name one server; several are a redis-cluster/],
    ['redis://redis/SECRETMARK', /database that is not a whole number/],
    ['redis://redis?SECRETMARK=1', /option .* not known/],
    ['redis://redis?sentinel-password=SECRETMARK', /option .* not known/],
    ['redis://redis#SECRETMARK', /must be a URL that starts with/],
    ['redis://me:SECRETMARK%@redis', /two hexadecimal digits/],
    ['redis-cluster://', /host:port.*redis-cluster:\/\/redis-1:6379,/],
    ['redis-cluster://SECRETMARK:1,,b:2', /host:port/],
    ['redis-cluster://SECRETMARK:1;b:2', /host:port/],
    ['redis-cluster://SECRETMARK:1/0', /nothing after the servers/],
    ['redis-sentinel://SECRETMARK:1', /name that the sentinels know.*\/mymaster/],
    ['redis-sentinel://SECRETMARK:1/', /name that the sentinels know/],
    ['redis-sentinel://a:1/SECRET MARK', /name that the sentinels know/],
    ['redis-sentinel://a:1/mymaster/SECRETMARK', /database that is not/],
    ['redis-sentinel://a:1/mymaster/1/SECRETMARK', /too much/],
    ['redis-sentinel://a:1/mymaster?password=SECRETMARK', /option/],
  ])('refuses %j and says nothing of it', (text, problem) => {
    const parse = () => parseRedisAddress(text);
    expect(parse).toThrow(RedisAddressError);
    expect(parse).toThrow(problem);
    expect(parse).not.toThrow(/SECRETMARK|SECRET MARK/);
  });
});
