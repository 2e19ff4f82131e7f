import { DnsFailure, type Resolver } from './resolver.js';

/** Milliseconds. */
export interface AskingLimits {
  /** For one question. */
  questionMs: number;
  /** For all together, from now on: after it nothing is asked any more. */
  wholeMs: number;
}

/** A resolver for one check: asks each question once, for the walks of SPF and DMARC cross, and only so long. */
export function askedOnce(resolver: Resolver, { questionMs, wholeMs }: AskingLimits): Resolver {
  const asked = new Map<string, Promise<unknown[]>>();
  const end = performance.now() + wholeMs;

  const once =
    <T>(type: string, ask: (name: string) => Promise<T[]>) =>
    (name: string): Promise<T[]> => {
      const question = `${type} ${name}`;
      const known = asked.get(question) as Promise<T[]> | undefined;
      const answer =
        known ?? inTime(question, () => ask(name), Math.min(questionMs, end - performance.now()));
      asked.set(question, answer);
      return answer;
    };

  return {
    txt: once('TXT', (name) => resolver.txt(name)),
    a: once('A', (name) => resolver.a(name)),
    aaaa: once('AAAA', (name) => resolver.aaaa(name)),
    mx: once('MX', (name) => resolver.mx(name)),
    ptr: once('PTR', (address) => resolver.ptr(address)),
  };
}

async function inTime<T>(question: string, ask: () => Promise<T[]>, limitMs: number): Promise<T[]> {
  if (limitMs <= 0) throw new DnsFailure(question, 'ENOTIME');
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DnsFailure(question, 'ENOTIME')), limitMs);
  });
  try {
    return await Promise.race([ask(), over]);
  } finally {
    clearTimeout(timer);
  }
}
