import { createServer, type Socket } from 'node:net';

/**
 * An SMTP server that takes everything and keeps nothing: the other end of the delivery benchmarks, in a process of
 * its own. Prints its port, then answers each line on standard input with the number of messages taken so far.
 */
let taken = 0;

function serve(socket: Socket): void {
  let inData = false;
  let tail = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    let text = tail + chunk.toString('latin1');
    tail = '';
    let replies = '';
    while (text) {
      if (inData) {
        const end = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n');
        if (end < 0) {
          tail = text.slice(-4);
          break;
        }
        text = text.slice(text.startsWith('.\r\n') ? 3 : end + 5);
        inData = false;
        taken += 1;
        replies += '250 2.0.0 taken\r\n';
        continue;
      }
      const end = text.indexOf('\r\n');
      if (end < 0) {
        tail = text;
        break;
      }
      const verb = text.slice(0, 4).toUpperCase();
      text = text.slice(end + 2);
      if (verb === 'EHLO') replies += '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';
      else if (verb === 'DATA') {
        replies += '354 go on\r\n';
        inData = true;
      } else if (verb === 'QUIT') {
        socket.end(`${replies}221 bye\r\n`);
        return;
      } else replies += '250 ok\r\n';
    }
    if (replies) socket.write(replies);
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.on('data', () => process.stdout.write(`${taken}\n`));
process.stdin.on('end', () => process.exit(0));
