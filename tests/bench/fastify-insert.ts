import Fastify from 'fastify';
import pg from 'pg';

/** A baseline: a bare Fastify route with one INSERT. Prints its port. */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query(
  'CREATE TABLE sign_up (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE, at timestamptz NOT NULL DEFAULT now())',
);
const server = Fastify();
server.post<{ Body: { email: string } }>('/subscribe', async (request, reply) => {
  await pool.query('INSERT INTO sign_up (email) VALUES ($1)', [request.body.email]);
  return reply.code(202).send({ status: 'pending' });
});
const address = await server.listen({ host: '127.0.0.1', port: 0 });
console.log(new URL(address).port);
