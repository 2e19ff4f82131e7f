import { createTransport } from 'nodemailer';
import { cpuMsOf, peakRssMbOf } from './usage.js';

/** The baseline: what one writes with nodemailer alone. Its own process; prints its measurements as JSON. */
const [port, n, connections] = process.argv.slice(2).map(Number) as [number, number, number];
const body = JSON.parse(process.env['BENCH_BODY'] ?? '{}') as { subject: string; html: string; text: string };
const transport = createTransport({
  host: '127.0.0.1',
  port,
  pool: true,
  maxConnections: connections,
  maxMessages: Infinity,
  ignoreTLS: true,
});

const cpuBefore = cpuMsOf(process.pid);
const started = performance.now();
let next = 0;
async function lane(): Promise<void> {
  while (next < n) {
    const i = next++;
    const unsubscribe = `https://news.example/unsubscribe/${i}`;
    await transport.sendMail({
      from: 'The Bench <news@bench.example>',
      to: `Reader ${i} <reader${i}@bench.example>`,
      subject: body.subject,
      html: body.html.replaceAll('{{unsubscribe}}', unsubscribe),
      text: body.text.replaceAll('{{unsubscribe}}', unsubscribe),
      headers: {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
  }
}
// As many loops as connections: nobody waits for the other, and nothing piles up in memory.
await Promise.all(Array.from({ length: connections }, lane));
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    perSecond: n / seconds,
    cpuMsPerOp: (cpuMsOf(process.pid) - cpuBefore) / n,
    peakRssMb: peakRssMbOf(process.pid),
  }),
);
transport.close();
process.exit(0);
