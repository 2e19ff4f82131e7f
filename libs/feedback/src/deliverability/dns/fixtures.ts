import { DnsFailure, type Resolver } from './resolver.js';

/** A zone by name and type. A failure is the name of one: `ESERVFAIL`. MX as `10 mx.example.org`. */
export type Zone = Record<
  string,
  Partial<Record<'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR', readonly string[] | 'ESERVFAIL' | 'ETIMEOUT'>>
>;

/** A resolver over a zone. PTR is by address. Counts what it is asked. */
export function zoneResolver(zone: Zone): Resolver & { asked: string[] } {
  const asked: string[] = [];
  const answer = (type: 'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR', name: string): Promise<string[]> => {
    asked.push(`${type} ${name}`);
    const found = zone[name.toLowerCase()]?.[type] ?? [];
    if (typeof found === 'string') return Promise.reject(new DnsFailure(`${type} ${name}`, found));
    return Promise.resolve([...found]);
  };
  return {
    asked,
    txt: (name) => answer('TXT', name),
    a: (name) => answer('A', name),
    aaaa: (name) => answer('AAAA', name),
    ptr: (address) => answer('PTR', address),
    async mx(name) {
      return (await answer('MX', name)).map((record) => {
        const [preference = '', exchange = ''] = record.split(' ');
        return { preference: Number(preference), exchange: exchange.replace(/\.$/, '') };
      });
    },
  };
}
