import { DnsFailure, type Resolver } from './resolver.js';

/**
 * A resolver for one check: asks each question once, for the walks of SPF and DMARC cross, and answers none after a time.
 * @param limitMs for all questions together, from now on
 */
export function askedOnce(resolver: Resolver, limitMs: number): Resolver & { close(): void } {
  const asked = new Map<string, Promise<unknown[]>>();
  let isOver = false;
  const open = new Set<() => void>();
  const timer = setTimeout(() => {
    isOver = true;
    for (const end of open) end();
  }, limitMs);

  const once =
    <T>(type: string, ask: (name: string) => Promise<T[]>) =>
    (name: string): Promise<T[]> => {
      const question = `${type} ${name}`;
      const known = asked.get(question);
      if (known) return known as Promise<T[]>;
      const answer = isOver ? Promise.reject(outOfTime(question)) : inTime(question, ask(name));
      asked.set(question, answer);
      return answer;
    };

  async function inTime<T>(question: string, answer: Promise<T[]>): Promise<T[]> {
    let end: () => void = () => undefined;
    const over = new Promise<never>((_, reject) => (end = () => reject(outOfTime(question))));
    open.add(end);
    try {
      return await Promise.race([answer, over]);
    } finally {
      open.delete(end);
    }
  }

  return {
    txt: once('TXT', (name) => resolver.txt(name)),
    a: once('A', (name) => resolver.a(name)),
    aaaa: once('AAAA', (name) => resolver.aaaa(name)),
    mx: once('MX', (name) => resolver.mx(name)),
    ptr: once('PTR', (address) => resolver.ptr(address)),
    close: () => clearTimeout(timer),
  };
}

const outOfTime = (question: string) => new DnsFailure(question, 'ENOTIME');
