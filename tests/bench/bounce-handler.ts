import { simpleParser } from 'mailparser';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';

/**
 * A baseline: what handles bounces in few lines. It takes a mail, parses it with mailparser, writes one row, and answers. It
 * recognises nothing, proves nothing and acts on nothing. `BENCH_PORT`, `BENCH_DATABASE`.
 */
const db = new pg.Pool({ connectionString: process.env['BENCH_DATABASE'], max: 10 });
await db.query(
  'CREATE TABLE IF NOT EXISTS bench_bounce (id bigserial PRIMARY KEY, recipient text, words text)',
);

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, session, answered) {
    simpleParser(stream)
      .then((mail) =>
        db.query('INSERT INTO bench_bounce (recipient, words) VALUES ($1, $2)', [
          session.envelope.rcptTo[0]?.address,
          mail.text,
        ]),
      )
      .then(() => answered(), answered);
  },
});
server.listen(Number(process.env['BENCH_PORT']), '127.0.0.1');
