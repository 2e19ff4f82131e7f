import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import packet, { type Answer, type DecodedPacket, type Question } from 'dns-packet';

const RECORDS = ['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CNAME', 'NS'] as const;
type RecordType = (typeof RECORDS)[number];

/**
 * What a name holds. TXT of several strings is a list in the list; MX is written `10 mx.example.org`. A name that is not
 * there is NXDOMAIN, a type that is not there an empty answer.
 */
export type DnsName = Partial<Record<RecordType, readonly (string | readonly string[])[]>>;
/** `SERVFAIL` and the like are answered so; `silent` is not answered. */
export type DnsZone = Record<string, DnsName | 'SERVFAIL' | 'REFUSED' | 'silent'>;

const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const AUTHORITATIVE = packet.AUTHORITATIVE_ANSWER | packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE;

/** A name server of our own, on a port of 127.0.0.1. */
export class DnsServer {
  /** Every question, as `TXT _dmarc.example.org`. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    /** May be changed while it runs. */
    public zone: DnsZone,
  ) {
    socket.on('message', (message, { port, address }) => {
      const answer = this.answer(packet.decode(message));
      if (answer) socket.send(answer, port, address);
    });
  }

  static async start(zone: DnsZone): Promise<DnsServer> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DnsServer(socket, zone);
  }

  /** For `setServers`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private answer({ id, questions = [] }: DecodedPacket): Buffer | null {
    const [question] = questions;
    if (!question) return null;
    const name = question.name.toLowerCase();
    this.asked.push(`${question.type} ${name}`);
    const found = this.zone[name];
    if (found === 'silent') return null;
    const code = found === undefined ? 'NXDOMAIN' : typeof found === 'string' ? found : 'NOERROR';
    return packet.encode({
      type: 'response',
      id: id ?? 0,
      flags: AUTHORITATIVE | CODES[code],
      questions: [question],
      answers: typeof found === 'object' ? this.records(question, found) : [],
    });
  }

  private records({ type, name }: Question, found: DnsName): Answer[] {
    const wanted = RECORDS.find((one) => one === type);
    const answers = wanted ? (found[wanted] ?? []).map((data) => recordOf(wanted, name, data)) : [];
    const alias = found.CNAME?.[0];
    if (answers.length > 0 || typeof alias !== 'string') return answers;
    const behind = this.zone[alias.toLowerCase()];
    const more = typeof behind === 'object' ? this.records({ type, name: alias, class: 'IN' }, behind) : [];
    return [recordOf('CNAME', name, alias), ...more];
  }
}

function recordOf(type: RecordType, name: string, data: string | readonly string[]): Answer {
  const common = { name, ttl: 60, class: 'IN' as const };
  if (type === 'TXT') return { ...common, type, data: typeof data === 'string' ? [data] : [...data] };
  const text = typeof data === 'string' ? data : data.join('');
  if (type !== 'MX') return { ...common, type, data: text };
  const [preference = '', exchange = ''] = text.split(' ');
  return { ...common, type, data: { preference: Number(preference), exchange } };
}
