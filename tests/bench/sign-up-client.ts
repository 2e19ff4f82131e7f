import { Agent, request } from 'node:http';

/** Posts sign-ups over kept connections, each of another address. Its own process; prints the seconds it took. */
const [url, from, n, connections] = process.argv.slice(2) as [string, string, string, string];
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
let next = Number(from);
const end = next + Number(n);

function post(i: number): Promise<void> {
  const body = JSON.stringify({ email: `new-reader-${i}@bench.example`, terms: 'accepted' });
  return new Promise((resolve, reject) => {
    request(
      `${url}/subscribe`,
      {
        method: 'POST',
        agent,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'Content-Length': body.length,
        },
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 202) resolve();
          else reject(new Error(`POST /subscribe: ${response.statusCode}`));
        });
      },
    )
      .once('error', reject)
      .end(body);
  });
}

async function lane(): Promise<void> {
  while (next < end) await post(next++);
}

const started = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, lane));
console.log((performance.now() - started) / 1000);
process.exit(0);
