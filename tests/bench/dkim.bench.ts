import { generateDkimKey } from '#delivery/dkim/dkim-keys.js';
import { DkimSigner, type DkimKey } from '#delivery/dkim/dkim-signer.js';
import { buildPlate } from '#rendering/wire/plate.js';
import { compared, type Case, type Row } from './results.js';
import { peakRssMbOf } from './usage.js';

const MESSAGES = 2_000;

async function key(selector: string, algorithm: DkimKey['algorithm']): Promise<DkimKey> {
  const { privateKey } = await generateDkimKey(algorithm);
  return { domain: 'bench.example', selector, algorithm, privateKey };
}

function plateOf(bytes: number) {
  const line = 'The harbour master says the tide is high at nine and low at three today.\n';
  const text = line.repeat(Math.ceil(bytes / 2 / line.length));
  return buildPlate({
    from: { name: 'The Bench', address: 'news@bench.example' },
    subject: 'Daily',
    html: text,
    text,
    list: true,
    listId: { name: 'Daily', id: 'daily.bench.example' },
    date: new Date(Date.UTC(2026, 0, 1)),
  });
}

/** What a signature costs: stamp and sign, against stamp alone, on one thread. */
export async function dkimBench(): Promise<Row[]> {
  const rsa = await key('r', 'rsa-sha256');
  const ed25519 = await key('e', 'ed25519-sha256');
  const signers: [string, DkimSigner][] = [
    ['not signed', new DkimSigner([])],
    ['Ed25519', new DkimSigner([ed25519])],
    ['RSA-2048', new DkimSigner([rsa])],
    ['both', new DkimSigner([rsa, ed25519])],
  ];
  const rows: Row[] = [];
  for (const kilobytes of [10, 60]) {
    const plate = plateOf(kilobytes * 1024);
    const measured = signers.map(([name, signer]) =>
      measure(`${kilobytes} KB, ${name}`, (i) => {
        const { headers, body } = plate.stamp({
          to: { name: `Reader ${i}`, address: `reader${i}@bench.example` },
          messageId: `<${i}@bench.example>`,
          values: { unsubscribeUrl: `https://news.example/unsubscribe/${i}` },
        });
        return signer.sign(headers, body);
      }),
    );
    rows.push(...compared(measured, [`${kilobytes} KB, not signed`]));
  }
  return rows;
}

function measure(name: string, work: (i: number) => unknown): Case {
  for (let i = 0; i < MESSAGES / 10; i++) work(i);
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < MESSAGES; i++) work(i);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    bench: 'dkim',
    case: name,
    n: MESSAGES,
    perSecond: MESSAGES / seconds,
    cpuMsPerOp: (used.user + used.system) / 1000 / MESSAGES,
    peakRssMb: peakRssMbOf(process.pid),
  };
}
